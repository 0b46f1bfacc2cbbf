	.file	"look.c"
	.text
	.section	.rodata.str1.1,"aMS",@progbits,1
.LC0:
	.string	"wrong: %s\n"
	.text
	.type	expect, @function
expect:
	testl	%edi, %edi
	je	.L2
	addl	$1, passed(%rip)
	ret
.L2:
	subq	$8, %rsp
	leaq	.LC0(%rip), %rdi
	movl	$0, %eax
	call	printf@PLT
	addl	$1, failed(%rip)
	addq	$8, %rsp
	ret
	.size	expect, .-expect
	.section	.rodata.str1.1
.LC3:
	.string	"the game is made"
.LC4:
	.string	"the origin is linearised"
.LC5:
	.string	"J is an operator"
.LC6:
	.string	"it has a spectrum"
.LC7:
	.string	"of two eigenvalues"
.LC10:
	.string	"the first of which is -1 + i"
.LC12:
	.string	"sqrt 2"
.LC13:
	.string	"the point is classified"
.LC14:
	.string	"a stable Nash point"
.LC15:
	.string	"with curvature -1"
.LC16:
	.string	"simultaneous"
.LC17:
	.string	"a stepper is made by name"
.LC19:
	.string	"it is stable below 1"
.LC22:
	.string	"fastest at 1/2"
.LC23:
	.string	"with rate sqrt(1/2)"
.LC25:
	.string	"%d passed, %d failed\n"
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbp
	pushq	%rbx
	subq	$312, %rsp
	movq	.LC1(%rip), %rax
	movq	%rax, 296(%rsp)
	movq	$0x000000000, 272(%rsp)
	movq	$0x000000000, 280(%rsp)
	movq	$0, 264(%rsp)
	movq	$0, 256(%rsp)
	leaq	296(%rsp), %rcx
	leaq	264(%rsp), %rdi
	pushq	$0
	pushq	$1
	pushq	%rcx
	pushq	$1
	movq	%rcx, %r9
	movl	$1, %r8d
	movl	$1, %edx
	movl	$1, %esi
	call	gd_model_quadratic@PLT
	addq	$32, %rsp
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC3(%rip), %rsi
	call	expect
	leaq	272(%rsp), %rdx
	leaq	256(%rsp), %rdi
	movl	$0, %ecx
	movq	264(%rsp), %rsi
	call	gd_linearise@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC4(%rip), %rsi
	call	expect
	cmpq	$0, 256(%rsp)
	je	.L8
	movq	264(%rsp), %rbp
	movq	$0, (%rsp)
	movq	$0, 8(%rsp)
	leaq	48(%rsp), %rbx
	movl	$120, %esi
	movq	%rbx, %rdi
	call	gd_spectrum_options_init_sized@PLT
	movl	$4, 56(%rsp)
	movq	$2, 64(%rsp)
	movb	$1, 73(%rsp)
	leaq	272(%rsp), %rdx
	movq	%rsp, %rdi
	movq	%rbp, %rsi
	call	gd_operator_jacobian@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC5(%rip), %rsi
	call	expect
	leaq	8(%rsp), %rdi
	movq	%rbx, %rdx
	movq	(%rsp), %rsi
	call	gd_spectrum_compute@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC6(%rip), %rsi
	call	expect
	movq	8(%rsp), %rdi
	call	gd_spectrum_count@PLT
	cmpq	$2, %rax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC7(%rip), %rsi
	call	expect
	movq	8(%rsp), %rdi
	call	gd_spectrum_real@PLT
	movsd	.LC1(%rip), %xmm0
	addsd	(%rax), %xmm0
	andpd	.LC8(%rip), %xmm0
	movsd	.LC9(%rip), %xmm1
	movl	$0, %edi
	comisd	%xmm0, %xmm1
	ja	.L28
.L9:
	leaq	.LC10(%rip), %rsi
	call	expect
	leaq	16(%rsp), %rdx
	movl	$0, %ecx
	movl	$0, %esi
	movq	(%rsp), %rdi
	call	gd_singular_values@PLT
	movl	$0, %edi
	testl	%eax, %eax
	jne	.L11
	movsd	16(%rsp), %xmm0
	subsd	.LC11(%rip), %xmm0
	andpd	.LC8(%rip), %xmm0
	movsd	.LC9(%rip), %xmm1
	comisd	%xmm0, %xmm1
	seta	%dil
	movzbl	%dil, %edi
.L11:
	leaq	.LC12(%rip), %rsi
	call	expect
	movq	8(%rsp), %rdi
	call	gd_spectrum_destroy@PLT
	movq	(%rsp), %rdi
	call	gd_operator_destroy@PLT
	movq	256(%rsp), %rbp
	leaq	16(%rsp), %rbx
	movl	$24, %esi
	movq	%rbx, %rdi
	call	gd_classify_options_init_sized@PLT
	leaq	48(%rsp), %rdx
	movq	%rbx, %rsi
	movq	%rbp, %rdi
	call	gd_classify@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC13(%rip), %rsi
	call	expect
	movl	$0, %edi
	movabsq	$12884901894, %rax
	cmpq	%rax, 136(%rsp)
	je	.L29
.L12:
	leaq	.LC14(%rip), %rsi
	call	expect
	movsd	.LC1(%rip), %xmm0
	addsd	88(%rsp), %xmm0
	andpd	.LC8(%rip), %xmm0
	movsd	.LC9(%rip), %xmm1
	movl	$0, %edi
	comisd	%xmm0, %xmm1
	jbe	.L13
	movsd	.LC1(%rip), %xmm0
	addsd	80(%rsp), %xmm0
	andpd	.LC8(%rip), %xmm0
	comisd	%xmm0, %xmm1
	seta	%dil
	movzbl	%dil, %edi
.L13:
	leaq	.LC15(%rip), %rsi
	call	expect
	movq	256(%rsp), %rbx
	movq	$0x000000000, (%rsp)
	movq	$0x000000000, 8(%rsp)
	movq	$0x000000000, 16(%rsp)
	movq	$0, 48(%rsp)
	leaq	48(%rsp), %rdi
	leaq	.LC16(%rip), %rdx
	movq	264(%rsp), %rsi
	call	gd_stepper_create_named@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC17(%rip), %rsi
	call	expect
	movq	%rsp, %rdx
	movq	%rbx, %rsi
	movq	48(%rsp), %rdi
	call	gd_largest_stable_step@PLT
	movl	$0, %edi
	testl	%eax, %eax
	jne	.L15
	movsd	(%rsp), %xmm0
	subsd	.LC1(%rip), %xmm0
	andpd	.LC8(%rip), %xmm0
	movsd	.LC18(%rip), %xmm1
	comisd	%xmm0, %xmm1
	seta	%dil
	movzbl	%dil, %edi
.L15:
	leaq	.LC19(%rip), %rsi
	call	expect
	leaq	16(%rsp), %rcx
	leaq	8(%rsp), %rdx
	movq	%rbx, %rsi
	movq	48(%rsp), %rdi
	call	gd_fastest_step@PLT
	movl	$0, %edi
	testl	%eax, %eax
	jne	.L16
	movsd	8(%rsp), %xmm0
	subsd	.LC20(%rip), %xmm0
	andpd	.LC8(%rip), %xmm0
	movsd	.LC21(%rip), %xmm1
	comisd	%xmm0, %xmm1
	seta	%dil
	movzbl	%dil, %edi
.L16:
	leaq	.LC22(%rip), %rsi
	call	expect
	movsd	16(%rsp), %xmm0
	subsd	.LC24(%rip), %xmm0
	andpd	.LC8(%rip), %xmm0
	movsd	.LC18(%rip), %xmm1
	comisd	%xmm0, %xmm1
	seta	%dil
	movzbl	%dil, %edi
	leaq	.LC23(%rip), %rsi
	call	expect
	movq	48(%rsp), %rdi
	call	gd_stepper_destroy@PLT
.L8:
	movq	256(%rsp), %rdi
	call	gd_linearisation_destroy@PLT
	movq	264(%rsp), %rdi
	call	gd_game_destroy@PLT
	movl	failed(%rip), %edx
	movl	passed(%rip), %esi
	leaq	.LC25(%rip), %rdi
	movl	$0, %eax
	call	printf@PLT
	cmpl	$0, failed(%rip)
	setg	%al
	movzbl	%al, %eax
	addq	$312, %rsp
	popq	%rbx
	popq	%rbp
	ret
.L28:
	movq	8(%rsp), %rdi
	call	gd_spectrum_imaginary@PLT
	movsd	(%rax), %xmm0
	subsd	.LC1(%rip), %xmm0
	andpd	.LC8(%rip), %xmm0
	movsd	.LC9(%rip), %xmm1
	comisd	%xmm0, %xmm1
	seta	%dil
	movzbl	%dil, %edi
	jmp	.L9
.L29:
	movzbl	130(%rsp), %edi
	jmp	.L12
	.size	main, .-main
	.local	failed
	.comm	failed,4,4
	.local	passed
	.comm	passed,4,4
	.section	.rodata.cst8,"aM",@progbits,8
	.align 8
.LC1:
	.long	0
	.long	1072693248
	.section	.rodata.cst16,"aM",@progbits,16
	.align 16
.LC8:
	.long	-1
	.long	2147483647
	.long	0
	.long	0
	.section	.rodata.cst8
	.align 8
.LC9:
	.long	-2036257893
	.long	1023837339
	.align 8
.LC11:
	.long	1719614413
	.long	1073127582
	.align 8
.LC18:
	.long	-1598689907
	.long	1051772663
	.align 8
.LC20:
	.long	0
	.long	1071644672
	.align 8
.LC21:
	.long	-350469331
	.long	1058682594
	.align 8
.LC24:
	.long	1719614413
	.long	1072079006
	.section	.note.GNU-stack,"",@progbits
