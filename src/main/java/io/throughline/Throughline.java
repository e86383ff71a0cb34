package io.throughline;

import io.throughline.standalone.Standalone;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The server. */
@SpringBootApplication
public class Throughline {
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(Throughline.class);
        application.addListeners(new Standalone());
        application.run(args);
    }
}
