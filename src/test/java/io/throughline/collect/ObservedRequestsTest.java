package io.throughline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ObservedRequestsTest {
    @ParameterizedTest
    @ValueSource(strings = {"/v1/track", "/v1/batch/", "/api/s/s2s/page", "/v1/pixel/track"})
    void trackingMeasuresItself(String path) {
        assertThat(isObserved(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/profiles", "/v1/nowhere", "/"})
    void everythingElseIsObserved(String path) {
        assertThat(isObserved(path)).isTrue();
    }

    private static boolean isObserved(String path) {
        return new CollectConfiguration.Accepting()
                .trackingRequestsMeasureThemselves()
                .test(
                        "http.server.requests",
                        new ServerRequestObservationContext(
                                new MockHttpServletRequest("POST", path),
                                new MockHttpServletResponse()));
    }
}
