import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArzamedMock.class)
class DoctorsTest {
    @Test
    void listsTheDoctors(Sandbox sandbox) throws Exception {
        assertEquals(3, new Doctors(sandbox.settings()).list().size());
    }

    @Test
    void repeatsACallAfter503(Sandbox sandbox) throws Exception {
        Doctors doctors = new Doctors(sandbox.settings());
        sandbox.fault("{ \"operationId\": \"listDoctors\", \"status\": 503, \"count\": 1 }");
        assertEquals(3, doctors.list().size());
    }

    @Test
    void saysThatTheKeyWasRevoked(Sandbox sandbox) throws Exception {
        Doctors doctors = new Doctors(sandbox.settings());
        sandbox.revokeKey();
        assertThrows(Doctors.KeyRevoked.class, doctors::list);
    }
}
