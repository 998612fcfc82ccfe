"""JUnit XML, which nearly every CI service shows: a test a rule, which errors make fail.

Warnings and notices do not fail a test; they stand in its output.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from civgen.lint.finding import Finding
from civgen.lint.report import Report

#: What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """One suite: a test a rule without errors, else one an error; and one for what was left unchecked."""
    suite = ET.Element("testsuite", name="civgen lint")
    for code in dict.fromkeys((*report.rules, *(finding.code for finding in report.findings))):
        _tests(suite, code, [finding for finding in report.findings if finding.code == code])
    for skipped in report.skipped:
        test = ET.SubElement(suite, "testcase", classname="civgen.lint", name=_xml(f"skipped: {skipped.why}"))
        ET.SubElement(test, "skipped", message=_xml(skipped.text))
    tests, failures = suite.findall("testcase"), suite.findall("testcase/failure")
    counts = {
        "tests": str(len(tests)),
        "failures": str(len(failures)),
        "errors": "0",
        "skipped": str(len(report.skipped)),
        "time": f"{report.seconds:.3f}",
    }
    suite.attrib |= counts
    root = ET.Element("testsuites", {name: counts[name] for name in ("tests", "failures", "errors", "time")})
    root.append(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _tests(suite: ET.Element, code: str, findings: list[Finding]) -> None:
    errors = [finding for finding in findings if finding.severity == "error"]
    others = [finding for finding in findings if finding.severity != "error"]
    for finding in errors:
        test = _test(suite, code, f"{finding.name} {finding.place}", finding)
        failure = ET.SubElement(test, "failure", type=finding.severity, message=_xml(finding.message))
        failure.text = _text(finding)
    if others or not errors:
        test = _test(suite, code, others[0].name if others else code)
        if others:
            ET.SubElement(test, "system-out").text = "\n".join(map(_text, others))


def _test(suite: ET.Element, code: str, name: str, finding: Finding | None = None) -> ET.Element:
    test = ET.SubElement(suite, "testcase", classname=f"civgen.lint.{code}", name=_xml(name))
    if finding and finding.where.file:
        test.attrib |= {"file": _xml(finding.where.file), "line": str(finding.where.line or 1)}
    return test


def _text(finding: Finding) -> str:
    right = f"\n{finding.right}" if finding.right else ""
    head = f"{finding.place} {finding.severity} {finding.code} {finding.name}"
    return _xml(f"{head} {finding.message}{right}")


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
