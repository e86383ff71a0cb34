package io.throughline.testing;

import io.throughline.Throughline;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.ContextConfiguration;

/**
 * The whole server in this JVM, on free ports, with a fresh database and a fresh broker log. All
 * classes that carry it and add no settings of their own share one context; tests keep apart by
 * workspace or by identifiers, not by emptying tables.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest(
        classes = Throughline.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "management.server.address=127.0.0.1",
            "management.server.port=0",
            "throughline.data-dir=target/test-data",
            "throughline.bootstrap.admin-token=" + ThroughlineIT.ADMIN_TOKEN,
            "throughline.bootstrap.write-key=" + ThroughlineIT.WRITE_KEY,
            "throughline.activation.egress.allow=127.0.0.0/8,::1/128",
            "throughline.activation.egress.ports=*",
            "throughline.master-key-file=target/test-master.key",
        })
@ContextConfiguration(initializers = TestEnginesInitializer.class)
public @interface ThroughlineIT {
    /** Bearer token with the role admin in the workspace {@code default}. */
    String ADMIN_TOKEN = "test-admin-token-of-the-default-workspace";

    /** Write key of the first source in the workspace {@code default}. */
    String WRITE_KEY = "ctest0000000000000000test";
}
