import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

@Testcontainers
class ContainerTest {
    private static final String TOKEN = UUID.randomUUID().toString();
    private static final int PORT = freePort();
    private static final String URL = "http://localhost:" + PORT;

    // The port is chosen here, since it is part of the URLs that the mock gives.
    @Container
    private static final GenericContainer<?> MOCK = new GenericContainer<>(DockerImageName.parse("arzamed-devkit"))
            .withCommand("mock", "--public-url", URL)
            .withEnv("ARZAMED_CONTROL_TOKEN", TOKEN)
            .withExposedPorts(4010)
            .waitingFor(Wait.forHttp("/_mock/health").forPort(4010));

    static {
        MOCK.setPortBindings(List.of(PORT + ":4010"));
    }

    @Test
    void listsTheDoctors() throws Exception {
        try (Sandbox sandbox = Sandbox.create(URL, TOKEN)) {
            assertEquals(3, new Doctors(sandbox.settings()).list().size());
            assertEquals(List.of(), sandbox.findings());
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException error) {
            throw new ExceptionInInitializerError(error);
        }
    }
}
