import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** A webhook receiver to look at: prints what it gets, answers 204. {@code java docs/Receiver.java 9099} */
class Receiver {
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), "UTF-8");
            StringBuilder message = new StringBuilder();
            for (String header : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
                message.append(header + ": " + exchange.getRequestHeaders().getFirst(header) + "\n");
            }
            System.out.println(message.append(body).append("\n"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }
}
