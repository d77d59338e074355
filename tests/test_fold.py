"""Folding for search: script, accents and hyphens do not matter."""

from __future__ import annotations

import pytest

from geo.fold import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Камбар-Ата", "kambarata"),
        ("Kambar-Ata", "kambarata"),
        ("Ürümqi", "urumqi"),
        ("Жалал-Абад", "zhalalabad"),
        ("Өзгөн", "ozgon"),
        ("Иссык-Куль", "issykkul"),
        ("TNK «Dastan»", "tnk dastan"),
    ],
)
def test_folds(written: str, folded: str) -> None:
    assert fold(written) == folded
