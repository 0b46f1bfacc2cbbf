# SPDX-License-Identifier: BSD-3-Clause
"""The programs that check several statements each: they hold within their hypotheses, and fail outside."""
from harness import check, drawn, explained, main, refuse, rows_of, run

STATEMENTS = {"mescheder_statements": ["lemma1", "corollary2", "proposition3", "lemma6", "lemma7", "corollary8"],
              "nagarajan_statements": ["proposition3.1"],
              "li_statements": ["lemma4.1", "lemma4.2", "lemma4.3", "lemma4.4", "lemma4.5"],
              "liang_statements": ["remark1"]}
QUICK = ["--instances", 50]


@check
def every_statement_holds_within_its_hypothesis_and_fails_outside():
    for program, names in STATEMENTS.items():
        run(program, "--quick", "--csv", "rows.csv")
        rows = rows_of("rows.csv")
        assert len(rows) == 300 * len(names) and len({r["statement"] for r in rows}) == len(names), program
        for r in rows:
            if r["case"] != "outside":
                assert float(r["quantity"]) <= float(r["limit"]), (program, r)
        for name in {r["statement"] for r in rows}:
            outside = [r for r in rows if r["statement"] == name and r["case"] == "outside"]
            assert any(float(r["quantity"]) > float(r["limit"]) for r in outside), (program, name)


@check
def a_statement_claimed_outside_its_hypothesis_exits_1():
    for program, names in STATEMENTS.items():
        for name in names:
            output = run(program, *QUICK, "--statement", name, "--outside", code=1).stdout
            assert output.count("BROKEN") == 2 and output.count("as stated") == 2, output


@check
def a_statement_alone_has_the_rows_it_has_among_all():
    everything = run("mescheder_statements", *QUICK).stdout
    alone = run("mescheder_statements", *QUICK, "--statement", "lemma7").stdout
    assert alone.split("Every claim")[0] in everything


@check
def remark_1_on_the_game_of_corollary_1_is_below_one_half_over_the_interaction():
    # A = B = I: alpha = 1 and beta = 1 + lambda_max(C C'), so that the quotient 1 / (2 beta) is below 1/2.
    run("liang_statements", *QUICK, "--csv", "rows.csv")
    for r in rows_of("rows.csv"):
        assert r["case"] != "model" or 0 < float(r["quantity"]) < 0.5, r


@check
def the_seed_decides():
    for program in STATEMENTS:
        first, again, other = (run(program, *QUICK, "--seed", s).stdout for s in (3, 3, 4))
        assert first == again and first != other, program


@check
def the_command_line_is_explained_and_checked():
    for program in STATEMENTS:
        explained(program, *QUICK)
        refuse(program, "--statement", "lemma99", words=["--statement", "lemma99"])
        refuse(program, "--instances", 49, words=["--instances", "from 50 to"])


@check
def every_program_draws_in_every_format():
    for program in STATEMENTS:
        drawn(program, *QUICK)


if __name__ == "__main__":
    main()
