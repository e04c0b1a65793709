import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One mock for the whole run, and a sandbox of it for each test that has one as a parameter. */
final class ArzamedMock implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(ArzamedMock.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Sandbox.class;
    }

    @Override
    public Sandbox resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // JUnit closes what its stores hold: the mock after the run, the sandbox after the test.
        Started mock = context.getRoot().getStore(NAMESPACE)
                .getOrComputeIfAbsent(Started.class, key -> Started.start(), Started.class);
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(Sandbox.class, key -> Sandbox.create(mock.url(), Started.TOKEN), Sandbox.class);
    }

    /** Fails the test whose program did something wrong, though its result was right. */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        Sandbox sandbox = context.getStore(NAMESPACE).get(Sandbox.class, Sandbox.class);
        if (sandbox == null) return;
        String findings = String.join("\n", sandbox.findings());
        if (!findings.isEmpty()) throw new AssertionError(findings);
    }

    /** @param process null if the mock was running already. */
    private record Started(String url, Process process) implements CloseableResource {
        static final String TOKEN = System.getenv().getOrDefault("ARZAMED_CONTROL_TOKEN", "");

        static Started start() {
            String url = System.getenv("ARZAMED_MOCK_URL");
            if (url != null) return ready(new Started(url, null));
            try {
                Process process = new ProcessBuilder("arzamed", "mock", "--port", "0", "--json")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                String line = process.inputReader().readLine();
                if (line == null) throw new IOException("arzamed mock did not start.");
                return ready(new Started(new ObjectMapper().readTree(line).get("url").asText(), process));
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        }

        private static Started ready(Started mock) {
            Sandbox.waitUntilReady(mock.url);
            return mock;
        }

        @Override
        public void close() {
            if (process != null) process.destroy();
        }
    }
}
