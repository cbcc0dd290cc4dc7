"""A notebook run over evidence: the executed notebook, one HTML file that needs nothing, and triage.json.

`run.run_report` does it all; `tables` holds what the notebooks show. The two are imported on their own, because
running a notebook needs much that showing a table does not.
"""
