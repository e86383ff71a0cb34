package io.throughline.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PagingTest {
    @Test
    void asksForFiftyUnlessToldOtherwise() {
        assertThat(Paging.of(null, null)).isEqualTo(new Paging(50, null));
        assertThat(Paging.of("", "")).isEqualTo(new Paging(50, null));
        assertThat(Paging.of("200", "abc")).isEqualTo(new Paging(200, "abc"));
    }

    @Test
    void givesAThousandToWhoeverAsksForMore() {
        assertThat(Paging.of("1001", null).limit()).isEqualTo(1000);
        assertThat(Paging.of("4294967297", null).limit()).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "ten", "1.5", "99999999999999999999"})
    void refusesALimitThatIsNoPositiveNumber(String limit) {
        assertThatThrownBy(() -> Paging.of(limit, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("limit ");
    }

    @Test
    void endsWithNullAndSaysSo() {
        Page<Integer> last = Page.of(List.of(1, 2), new Paging(2, null), n -> Cursor.of("n", n));

        assertThat(JsonMapper.shared().writeValueAsString(last))
                .isEqualTo("{\"items\":[1,2],\"next\":null}");
    }

    @Test
    void continuesAfterTheLastRowItShowed() {
        List<Integer> fetched = IntStream.rangeClosed(1, 3).boxed().toList();

        Page<Integer> page = Page.of(fetched, new Paging(2, null), n -> Cursor.of("n", n));

        assertThat(page.items()).containsExactly(1, 2);
        Cursor next = new Paging(2, page.next()).after("n");
        assertThat(next).isEqualTo(Cursor.of("n", 2));
    }
}
