	.file	"run.c"
	.text
	.type	gradient, @function
gradient:
	addl	$1, (%rdi)
	movsd	8(%rdx), %xmm0
	xorpd	.LC0(%rip), %xmm0
	movsd	%xmm0, (%rcx)
	movsd	(%rdx), %xmm0
	movsd	%xmm0, 8(%rcx)
	movl	$0, %eax
	ret
	.size	gradient, .-gradient
	.type	jvp, @function
jvp:
	movsd	8(%rcx), %xmm0
	xorpd	.LC0(%rip), %xmm0
	movsd	%xmm0, (%r8)
	movsd	(%rcx), %xmm0
	movsd	%xmm0, 8(%r8)
	movl	$0, %eax
	ret
	.size	jvp, .-jvp
	.type	utilities, @function
utilities:
	movsd	(%rdx), %xmm0
	xorpd	.LC0(%rip), %xmm0
	mulsd	8(%rdx), %xmm0
	movsd	%xmm0, (%rcx)
	movsd	(%rdx), %xmm0
	mulsd	8(%rdx), %xmm0
	movsd	%xmm0, 8(%rcx)
	movl	$0, %eax
	ret
	.size	utilities, .-utilities
	.type	hear, @function
hear:
	addl	$1, messages(%rip)
	ret
	.size	hear, .-hear
	.type	watch, @function
watch:
	movq	8(%rsi), %rax
	movsd	(%rax), %xmm0
	movsd	%xmm0, (%rdi)
	movq	8(%rsi), %rax
	movsd	8(%rax), %xmm0
	movsd	%xmm0, 8(%rdi)
	movq	(%rsi), %rax
	testq	%rax, %rax
	js	.L6
	pxor	%xmm0, %xmm0
	cvtsi2sdq	%rax, %xmm0
.L7:
	movsd	%xmm0, 16(%rdi)
	cmpq	$2, (%rsi)
	sete	%al
	movzbl	%al, %eax
	ret
.L6:
	movq	%rax, %rdx
	shrq	%rdx
	andl	$1, %eax
	orq	%rax, %rdx
	pxor	%xmm0, %xmm0
	cvtsi2sdq	%rdx, %xmm0
	addsd	%xmm0, %xmm0
	jmp	.L7
	.size	watch, .-watch
	.section	.rodata.str1.1,"aMS",@progbits,1
.LC1:
	.string	"wrong: %s\n"
	.text
	.type	expect, @function
expect:
	testl	%edi, %edi
	je	.L9
	addl	$1, passed(%rip)
	ret
.L9:
	subq	$8, %rsp
	leaq	.LC1(%rip), %rdi
	movl	$0, %eax
	call	printf@PLT
	addl	$1, failed(%rip)
	addq	$8, %rsp
	ret
	.size	expect, .-expect
	.type	release, @function
release:
	subq	$8, %rsp
	movq	%rsi, %rdi
	subl	$1, allocations(%rip)
	call	free@PLT
	addq	$8, %rsp
	ret
	.size	release, .-release
	.type	allocate, @function
allocate:
	subq	$8, %rsp
	addl	$1, allocations(%rip)
	addq	$63, %rsi
	andq	$-64, %rsi
	movl	$64, %edi
	call	aligned_alloc@PLT
	addq	$8, %rsp
	ret
	.size	allocate, .-allocate
	.type	mode_modulus, @function
mode_modulus:
	pushq	%rbx
	movapd	%xmm1, %xmm2
	movq	%rsi, %rbx
	movq	(%rdi), %rax
	movsd	(%rax), %xmm1
	mulsd	%xmm1, %xmm0
	addsd	.LC2(%rip), %xmm0
	mulsd	%xmm2, %xmm1
	call	hypot@PLT
	movsd	%xmm0, (%rbx)
	movl	$0, %eax
	popq	%rbx
	ret
	.size	mode_modulus, .-mode_modulus
	.type	step, @function
step:
	pushq	%r12
	pushq	%rbp
	pushq	%rbx
	movq	%rdi, %rbx
	movq	%rdx, %rbp
	call	gd_stepper_state@PLT
	movq	%rax, %r12
	movq	(%rax), %rdx
	movq	%rbp, %rsi
	movq	%rbx, %rdi
	call	gd_stepper_direction@PLT
	testl	%eax, %eax
	js	.L20
	movq	(%r12), %rcx
	movsd	.LC2(%rip), %xmm0
	movq	%rbp, %rdx
	movq	%rbp, %rsi
	movq	%rbx, %rdi
	call	gd_stepper_move@PLT
.L20:
	popq	%rbx
	popq	%rbp
	popq	%r12
	ret
	.size	step, .-step
	.type	init, @function
init:
	pushq	%rbp
	pushq	%rbx
	subq	$8, %rsp
	movq	%rdi, %rbx
	call	gd_stepper_state@PLT
	movq	%rax, %rbp
	movq	%rbx, %rdi
	call	gd_stepper_scratch@PLT
	movq	%rax, 0(%rbp)
	cmpq	$1, %rax
	sbbl	%eax, %eax
	andl	$-3, %eax
	addq	$8, %rsp
	popq	%rbx
	popq	%rbp
	ret
	.size	init, .-init
	.section	.rodata.str1.1
.LC3:
	.string	"turn"
	.section	.rodata.str1.8,"aMS",@progbits,1
	.align 8
.LC4:
	.string	"the library is not older than the program"
	.section	.rodata.str1.1
.LC5:
	.string	"the game is made"
	.section	.rodata.str1.8
	.align 8
.LC9:
	.string	"a method of one's own makes a stepper"
	.section	.rodata.str1.1
.LC11:
	.string	"step_size"
.LC12:
	.string	"its step size is set"
.LC13:
	.string	"it runs"
.LC16:
	.string	"two steps lead to (-7/4, 6)"
	.section	.rodata.str1.8
	.align 8
.LC18:
	.string	"the observer saw the last point"
	.section	.rodata.str1.1
.LC19:
	.string	"the observer stopped the run"
.LC21:
	.string	"the result is filled"
.LC24:
	.string	"utilities"
.LC25:
	.string	"the origin is linearised"
.LC29:
	.string	"rate sqrt(5/4)"
	.section	.rodata.str1.8
	.align 8
.LC30:
	.string	"callbacks, messages and memory are the program's"
	.section	.rodata.str1.1
.LC31:
	.string	"all memory came back"
.LC32:
	.string	"%d passed, %d failed\n"
	.text
	.globl	main
	.type	main, @function
main:
	pushq	%rbp
	pushq	%rbx
	subq	$792, %rsp
	movl	$0, 780(%rsp)
	movq	$1, 752(%rsp)
	movq	$1, 760(%rsp)
	movq	$0, 728(%rsp)
	movq	$32, 720(%rsp)
	leaq	allocate(%rip), %rax
	movq	%rax, 736(%rsp)
	leaq	release(%rip), %rax
	movq	%rax, 744(%rsp)
	movq	$0, 696(%rsp)
	movq	$0, 704(%rsp)
	movq	$32, 688(%rsp)
	movl	$3, 704(%rsp)
	leaq	hear(%rip), %rax
	movq	%rax, 712(%rsp)
	pxor	%xmm0, %xmm0
	movups	%xmm0, 664(%rsp)
	movq	$0, 680(%rsp)
	movq	$48, 640(%rsp)
	leaq	720(%rsp), %rax
	movq	%rax, 648(%rsp)
	leaq	688(%rsp), %rax
	movq	%rax, 656(%rsp)
	leaq	528(%rsp), %rdi
	movl	$13, %ecx
	movl	$0, %eax
	rep stosq
	movq	$120, 512(%rsp)
	leaq	.LC3(%rip), %rax
	movq	%rax, 520(%rsp)
	leaq	gradient(%rip), %rax
	movq	%rax, 536(%rsp)
	leaq	utilities(%rip), %rax
	movq	%rax, 552(%rsp)
	leaq	jvp(%rip), %rax
	movq	%rax, 568(%rsp)
	movq	$56, 448(%rsp)
	leaq	512(%rsp), %rax
	movq	%rax, 456(%rsp)
	leaq	780(%rsp), %rax
	movq	%rax, 464(%rsp)
	movq	$2, 472(%rsp)
	leaq	752(%rsp), %rax
	movq	%rax, 480(%rsp)
	movl	$5, 488(%rsp)
	leaq	640(%rsp), %rax
	movq	%rax, 496(%rsp)
	movq	$0, 440(%rsp)
	call	gd_version@PLT
	cmpl	$199, %eax
	setg	%dil
	movzbl	%dil, %edi
	leaq	.LC4(%rip), %rsi
	call	expect
	leaq	448(%rsp), %rsi
	leaq	440(%rsp), %rdi
	call	gd_game_create@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC5(%rip), %rsi
	call	expect
	movq	440(%rsp), %rbx
	testq	%rbx, %rbx
	je	.L28
	movq	.LC6(%rip), %rax
	movq	%rax, 32(%rsp)
	movq	.LC7(%rip), %rax
	movq	%rax, 40(%rsp)
	leaq	80(%rsp), %rdi
	movl	$6, %ecx
	movl	$0, %eax
	rep stosl
	movq	$0x000000000, 8(%rsp)
	movq	$0, 16(%rsp)
	movq	$0, 24(%rsp)
	leaq	watch(%rip), %rax
	movq	%rax, 64(%rsp)
	leaq	80(%rsp), %rax
	movq	%rax, 72(%rsp)
	leaq	112(%rsp), %rbp
	movl	$88, %esi
	movq	%rbp, %rdi
	call	gd_run_options_init_sized@PLT
	leaq	64(%rsp), %rax
	movq	%rax, 184(%rsp)
	movq	$1, 192(%rsp)
	movq	$10, 120(%rsp)
	leaq	16(%rsp), %rdi
	leaq	euler(%rip), %rdx
	movq	%rbx, %rsi
	call	gd_stepper_create@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC9(%rip), %rsi
	call	expect
	movsd	.LC10(%rip), %xmm0
	leaq	.LC11(%rip), %rsi
	movq	16(%rsp), %rdi
	call	gd_stepper_set@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC12(%rip), %rsi
	call	expect
	leaq	208(%rsp), %rcx
	leaq	32(%rsp), %rsi
	movq	%rbp, %rdx
	movq	16(%rsp), %rdi
	call	gd_run@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC13(%rip), %rsi
	call	expect
	movsd	.LC14(%rip), %xmm0
	ucomisd	32(%rsp), %xmm0
	jp	.L41
	jne	.L41
	movsd	40(%rsp), %xmm0
	ucomisd	.LC15(%rip), %xmm0
	setnp	%dil
	movzbl	%dil, %edi
	movsd	.LC15(%rip), %xmm0
	ucomisd	40(%rsp), %xmm0
	movl	$0, %eax
	cmovne	%eax, %edi
	jmp	.L29
.L41:
	movl	$0, %edi
.L29:
	leaq	.LC16(%rip), %rsi
	call	expect
	movsd	80(%rsp), %xmm0
	ucomisd	32(%rsp), %xmm0
	jp	.L42
	jne	.L42
	movsd	88(%rsp), %xmm0
	ucomisd	40(%rsp), %xmm0
	jp	.L43
	jne	.L43
	movsd	96(%rsp), %xmm0
	ucomisd	.LC17(%rip), %xmm0
	setnp	%dil
	movzbl	%dil, %edi
	movsd	.LC17(%rip), %xmm0
	ucomisd	96(%rsp), %xmm0
	movl	$0, %eax
	cmovne	%eax, %edi
	jmp	.L31
.L42:
	movl	$0, %edi
.L31:
	leaq	.LC18(%rip), %rsi
	call	expect
	movl	$0, %edi
	cmpl	$6, 208(%rsp)
	je	.L56
.L34:
	leaq	.LC19(%rip), %rsi
	call	expect
	movsd	.LC20(%rip), %xmm0
	ucomisd	232(%rsp), %xmm0
	jp	.L45
	jne	.L45
	cmpq	$1, 248(%rsp)
	seta	%dil
	movzbl	%dil, %edi
.L35:
	leaq	.LC21(%rip), %rsi
	call	expect
	leaq	48(%rsp), %rdx
	leaq	32(%rsp), %rsi
	movq	%rbx, %rdi
	call	gd_game_utilities@PLT
	movl	%eax, %edi
	testl	%eax, %eax
	jne	.L46
	movsd	.LC22(%rip), %xmm0
	ucomisd	48(%rsp), %xmm0
	jp	.L37
	jne	.L37
	movsd	56(%rsp), %xmm0
	ucomisd	.LC23(%rip), %xmm0
	setnp	%dil
	movzbl	%dil, %edi
	movsd	.LC23(%rip), %xmm0
	ucomisd	56(%rsp), %xmm0
	movl	$0, %eax
	cmovne	%eax, %edi
	jmp	.L37
.L43:
	movl	$0, %edi
	jmp	.L31
.L56:
	cmpq	$2, 216(%rsp)
	sete	%dil
	movzbl	%dil, %edi
	jmp	.L34
.L45:
	movl	$0, %edi
	jmp	.L35
.L46:
	movl	$0, %edi
.L37:
	leaq	.LC24(%rip), %rsi
	call	expect
	movq	$0x000000000, 40(%rsp)
	movq	$0x000000000, 32(%rsp)
	leaq	32(%rsp), %rdx
	leaq	24(%rsp), %rdi
	movl	$0, %ecx
	movq	%rbx, %rsi
	call	gd_linearise@PLT
	testl	%eax, %eax
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC25(%rip), %rsi
	call	expect
	leaq	8(%rsp), %rdx
	movsd	.LC10(%rip), %xmm0
	movq	24(%rsp), %rsi
	movq	16(%rsp), %rdi
	call	gd_rate@PLT
	movl	$0, %edi
	testl	%eax, %eax
	jne	.L39
	movsd	8(%rsp), %xmm0
	subsd	.LC26(%rip), %xmm0
	andpd	.LC27(%rip), %xmm0
	movsd	.LC28(%rip), %xmm1
	comisd	%xmm0, %xmm1
	seta	%dil
	movzbl	%dil, %edi
.L39:
	leaq	.LC29(%rip), %rsi
	call	expect
	movq	24(%rsp), %rdi
	call	gd_linearisation_destroy@PLT
	movq	16(%rsp), %rdi
	call	gd_stepper_destroy@PLT
.L28:
	movl	$0, %edi
	cmpl	$2, 780(%rsp)
	jle	.L40
	cmpl	$0, messages(%rip)
	jle	.L40
	cmpl	$0, allocations(%rip)
	setg	%dil
	movzbl	%dil, %edi
.L40:
	leaq	.LC30(%rip), %rsi
	call	expect
	movq	440(%rsp), %rdi
	call	gd_game_destroy@PLT
	cmpl	$0, allocations(%rip)
	sete	%dil
	movzbl	%dil, %edi
	leaq	.LC31(%rip), %rsi
	call	expect
	movl	failed(%rip), %edx
	movl	passed(%rip), %esi
	leaq	.LC32(%rip), %rdi
	movl	$0, %eax
	call	printf@PLT
	cmpl	$0, failed(%rip)
	setg	%al
	movzbl	%al, %eax
	addq	$792, %rsp
	popq	%rbx
	popq	%rbp
	ret
	.size	main, .-main
	.local	messages
	.comm	messages,4,4
	.local	allocations
	.comm	allocations,4,4
	.section	.rodata.str1.1
.LC34:
	.string	"euler"
.LC35:
	.string	"x + h v"
.LC36:
	.string	"Euler 1768"
	.section	.data.rel.ro.local,"aw"
	.align 32
	.type	euler, @object
	.size	euler, 112
euler:
	.quad	112
	.quad	.LC34
	.quad	.LC35
	.quad	.LC36
	.quad	euler_table
	.quad	1
	.quad	56
	.quad	8
	.quad	8
	.zero	4
	.long	3
	.quad	init
	.quad	step
	.zero	8
	.quad	mode_modulus
	.section	.rodata.str1.1
.LC37:
	.string	"h, step size of each player"
	.section	.data.rel.ro.local
	.align 32
	.type	euler_table, @object
	.size	euler_table, 56
euler_table:
	.quad	.LC11
	.quad	.LC37
	.long	1
	.zero	4
	.quad	0
	.long	1202590843
	.long	1065646817
	.long	0
	.long	0
	.long	-1
	.long	2146435071
	.local	failed
	.comm	failed,4,4
	.local	passed
	.comm	passed,4,4
	.section	.rodata.cst16,"aM",@progbits,16
	.align 16
.LC0:
	.long	0
	.long	-2147483648
	.long	0
	.long	0
	.section	.rodata.cst8,"aM",@progbits,8
	.align 8
.LC2:
	.long	0
	.long	1072693248
	.align 8
.LC6:
	.long	0
	.long	1074266112
	.align 8
.LC7:
	.long	0
	.long	1074790400
	.align 8
.LC10:
	.long	0
	.long	1071644672
	.align 8
.LC14:
	.long	0
	.long	-1074003968
	.align 8
.LC15:
	.long	0
	.long	1075314688
	.align 8
.LC17:
	.long	0
	.long	1073741824
	.align 8
.LC20:
	.long	0
	.long	1075380224
	.align 8
.LC22:
	.long	0
	.long	1076166656
	.align 8
.LC23:
	.long	0
	.long	-1071316992
	.align 8
.LC26:
	.long	-1684540248
	.long	1072817015
	.section	.rodata.cst16
	.align 16
.LC27:
	.long	-1
	.long	2147483647
	.long	0
	.long	0
	.section	.rodata.cst8
	.align 8
.LC28:
	.long	-1629006314
	.long	1020396463
	.section	.note.GNU-stack,"",@progbits
