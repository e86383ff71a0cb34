package io.throughline.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.RepeatedTest;

class LoopbackPortTest {
    /** The lowest that Linux gives to outgoing connections by default; others begin at 49152. */
    private static final int OUTGOING = 32_768;

    @RepeatedTest(20)
    void noOutgoingConnectionCanTakeIt() throws IOException {
        int port = LoopbackPort.free();
        assertThat(port).isBetween(1_024, OUTGOING - 1);
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
        }
    }
}
