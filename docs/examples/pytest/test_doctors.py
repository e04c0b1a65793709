import pytest

from doctors import Doctors, KeyRevoked


def test_lists_the_doctors(sandbox):
    assert len(Doctors(**sandbox.settings).list()) == 3


def test_repeats_a_call_after_503(sandbox):
    doctors = Doctors(**sandbox.settings)
    sandbox.fault(operationId="listDoctors", status=503, count=1)
    assert len(doctors.list()) == 3


def test_says_that_the_key_was_revoked(sandbox):
    doctors = Doctors(**sandbox.settings)
    sandbox.revoke_key()
    with pytest.raises(KeyRevoked):
        doctors.list()
