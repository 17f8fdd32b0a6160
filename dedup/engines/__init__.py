"""Engines carry documents through the stages; the stages know nothing of each other.

The way of a document through `clean`: `cleaning` reads the records of the `inputs`, `workers` hands them on in batches, to this
process or to several. There `verdict` has their texts described (`describing`; many at once by `describing_fast` with `batch`,
whose columns are `rows` and `ends`, and which asks the `sieve` in which texts anything may be found) and runs `onepass`, the
stages in their order, over each text (`line_rules` says what a line is by its text alone), and again over what is left of it
until nothing more is found (`describing_rest`: what whole lines leave is not described anew); `holes` maps offsets back. What is
cut, `cleaning` takes out, tells and writes.

`learn` is `counting`, which describes all texts. `find` and `filter` begin in `finding`: `collecting` judges as `clean` does
and lays what stays into columns, `matching` compares these, `found_report` tells, `filtering` writes. `copying` is `clean
--strip copy`.

By an earlier report: `acting` is `clean --report-in`, `refiltering` is `filter --report-in`, `restoring` is `restore`.
"""
