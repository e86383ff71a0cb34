package io.throughline.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.hibernate.TransactionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.orm.jpa.JpaSystemException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProblemAdviceTest {
    private static final String PRIVATE = "password=hunter2";

    @Test
    void answersAMistakeOfOursWithoutAWordAboutIt() throws Exception {
        MockHttpServletResponse response = failing(() -> new IllegalStateException(PRIVATE));

        assertThat(problem(response)).isEqualTo("internal-error 500");
        assertThat(response.getContentAsString()).doesNotContain("hunter2", "IllegalState");
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
    }

    @Test
    void asksToComeBackWhileTheDatabaseIsAway() throws Exception {
        MockHttpServletResponse response =
                failing(() ->
                        new CannotCreateTransactionException(
                                PRIVATE, new SQLTransientConnectionException(PRIVATE)));

        assertThat(problem(response)).isEqualTo("unavailable 503");
        assertThat(response.getHeader("Retry-After")).isEqualTo("2");
        assertThat(response.getContentAsString()).doesNotContain("hunter2");
    }

    @Test
    void takesARollbackThatFailedForAnOutage() throws Exception {
        assertThat(
                        problem(
                                failing(() ->
                                        new JpaSystemException(
                                                new TransactionException(
                                                        PRIVATE,
                                                        new SQLException(
                                                                "Connection is closed"))))))
                .isEqualTo("unavailable 503");
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "57P03", "53300", "40001", "40P01"})
    void takesTheseSqlStatesForAnOutage(String state) throws Exception {
        assertThat(problem(failing(() -> sql(state)))).isEqualTo("unavailable 503");
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "22P05", "57014"})
    void takesTheseSqlStatesForAMistake(String state) throws Exception {
        assertThat(problem(failing(() -> sql(state)))).isEqualTo("internal-error 500");
    }

    @Test
    void answersWhatAModuleRefuses() throws Exception {
        MockHttpServletResponse response =
                failing(() ->
                        new ProblemException(
                                WebProblems.CONFLICT,
                                "The name is taken.",
                                Map.of("name", "Shop", "status", "not this one")));

        assertThat(response.getContentAsString())
                .contains(
                        "\"type\":\"urn:throughline:problem:conflict\"",
                        "\"detail\":\"The name is taken.\"",
                        "\"name\":\"Shop\"",
                        "\"status\":409");
    }

    @Test
    void roundsTheTimeToComeBackUpToWholeSeconds() throws Exception {
        MockHttpServletResponse response =
                failing(() ->
                        ProblemException.retryLater(
                                WebProblems.UNAVAILABLE, "", Duration.ofMillis(1_001)));

        assertThat(response.getHeader("Retry-After")).isEqualTo("2");
    }

    @Test
    void knowsWhatTheFrameworkThrows() throws Exception {
        assertThat(problem(failing(() -> new DataIntegrityViolationException(PRIVATE))))
                .isEqualTo("conflict 409");
        assertThat(problem(failing(() -> new AccessDeniedException(PRIVATE))))
                .isEqualTo("forbidden 403");
        assertThat(problem(failing(() -> new BadCredentialsException(PRIVATE))))
                .isEqualTo("unauthenticated 401");
        assertThat(problem(failing(() -> new ResponseStatusException(HttpStatus.GONE))))
                .isEqualTo("bad-request 410");
        assertThat(problem(failing(() -> new ResponseStatusException(HttpStatus.BAD_GATEWAY))))
                .isEqualTo("internal-error 502");
        assertThat(
                        problem(
                                failing(() ->
                                        new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE))))
                .isEqualTo("content-too-large 413");
    }

    private static Exception sql(String state) {
        return new UncategorizedSQLException("task", PRIVATE, new SQLException(PRIVATE, state));
    }

    private static String problem(MockHttpServletResponse response) throws Exception {
        JsonNode body = JsonMapper.shared().readTree(response.getContentAsString());
        assertThat(body.path("status").asInt()).isEqualTo(response.getStatus());
        assertThat(body.path("title").asString()).isNotEmpty();
        assertThat(body.path("detail").asString()).doesNotContain("hunter2");
        return body.path("type").asString().replace("urn:throughline:problem:", "")
                + " "
                + response.getStatus();
    }

    private static MockHttpServletResponse failing(Supplier<Exception> failure) throws Exception {
        MockMvc mvc =
                MockMvcBuilders.standaloneSetup(new FailingController(failure))
                        .setControllerAdvice(new ProblemAdvice())
                        .build();
        return mvc.perform(MockMvcRequestBuilders.get("/fails")).andReturn().getResponse();
    }

    /** Fails as told. */
    @RestController
    static class FailingController {
        private final Supplier<Exception> failure;

        FailingController(Supplier<Exception> failure) {
            this.failure = failure;
        }

        @GetMapping("/fails")
        String fail() throws Exception {
            throw failure.get();
        }
    }
}
