package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.throughline.standalone.Account.Other;
import io.throughline.standalone.EmbeddedPostgres.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
    private static final Account NOBODY = new Other("nobody", 65534, 65534);

    @TempDir private Path folder;

    @Test
    void commitsDurablyAndLetsNobodyInWithoutThePassword() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, Durability.KEEP)) {
            assertThat(setting(postgres, "fsync")).isEqualTo("on");
            assertThat(setting(postgres, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(postgres, "full_page_writes")).isEqualTo("on");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() ->
                            DriverManager.getConnection(postgres.url(), postgres.user(), "guess")
                                    .close())
                    .withMessageContaining("password authentication failed");
        }
    }

    /** As root in a container that allows no user namespace; then back to a kernel that does. */
    @Test
    void stepsDownToAnotherUserAndBackOnTheSameData() throws Exception {
        assumeTrue(Programs.run(NOBODY.runs(java.util.List.of("true"))).succeeded(), "needs root");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (EmbeddedPostgres postgres =
                        EmbeddedPostgres.start(folder, Durability.THROW_AWAY, NOBODY);
                Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT 1 AS one");
            assertThat(Files.getAttribute(folder.resolve("postgres/base"), "unix:uid"))
                    .isEqualTo(65534);
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, Durability.THROW_AWAY);
                Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet kept = statement.executeQuery("SELECT one FROM kept")) {
            assertThat(kept.next()).isTrue();
        }
    }

    @Test
    void saysWhichFolderTheOtherUserCannotReach() throws Exception {
        assumeTrue(Programs.run(NOBODY.runs(java.util.List.of("true"))).succeeded(), "needs root");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        assertThatExceptionOfType(RefusedStart.class)
                .isThrownBy(() -> EmbeddedPostgres.start(folder, Durability.THROW_AWAY, NOBODY))
                .withMessageContainingAll("nobody", "cannot reach", folder.toString());
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
    }

    private static String setting(EmbeddedPostgres postgres, String name) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet setting = statement.executeQuery("SHOW " + name)) {
            setting.next();
            return setting.getString(1);
        }
    }
}
