package io.throughline.profile;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.jdbc.EventTransactions;
import io.throughline.platform.web.Paging;
import io.throughline.profile.ProfileReads.Led;
import io.throughline.testing.Events;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A merge that commits between two statements of a reader is seen as a whole or not at all. */
class ProfileReadsIT {
    private static final WorkspaceId WORKSPACE = Events.WORKSPACE;

    private final ResolveHarness harness = new ResolveHarness();
    private ProfileReads reads;
    private int statements;

    @BeforeEach
    void twoVisitorsWhoAreOne() {
        harness.resolve(List.of(aPage().on("device").build(), aPage().by("anna").build()));
        assertThat(live()).hasSize(2);
        EventTransactions interrupted = new EventTransactions(interrupted(harness.dataSource));
        reads =
                new ProfileReads(
                        interrupted, new ProfileDocuments(interrupted, ResolveHarness.facets()));
    }

    @AfterEach
    void close() {
        assertThat(live()).as("the merge came in between").hasSize(1);
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"user_id:anna", "anonymous_id:device"})
    void findsTheProfileOfAnIdentifier(String identifier) {
        assertThat(reads.byIdentifier(WORKSPACE, identifier)).isPresent();
    }

    @Test
    void listsAllThatWereLiveWhenItBegan() {
        assertThat(reads.list(WORKSPACE, new Paging(50, null)).items()).hasSize(2);
    }

    @Test
    void readsTheProfileAnIdLedTo() {
        long retired = live().getLast();

        assertThat(
                        reads.ask(
                                WORKSPACE,
                                retired,
                                (connection, profile) ->
                                        reads.document(connection, WORKSPACE, profile)))
                .isInstanceOf(Led.ToAnswer.class);
    }

    private List<Long> live() {
        return harness.longs("select id from profile where not retired order by id");
    }

    /** Merges the two before the second statement of whoever reads. */
    private DataSource interrupted(DataSource dataSource) {
        return new DelegatingDataSource(dataSource) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection real = super.getConnection();
                return (Connection)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {Connection.class},
                                (proxy, method, arguments) -> {
                                    if (method.getName().equals("prepareStatement")
                                            && ++statements == 2) {
                                        harness.resolve(
                                                List.of(
                                                        anIdentify()
                                                                .by("anna")
                                                                .on("device")
                                                                .at(2_000)
                                                                .build()));
                                    }
                                    try {
                                        return method.invoke(real, arguments);
                                    } catch (InvocationTargetException e) {
                                        throw e.getTargetException();
                                    }
                                });
            }
        };
    }
}
