package io.throughline;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The server. */
@SpringBootApplication
public class Throughline {
    public static void main(String[] args) {
        SpringApplication.run(Throughline.class, args);
    }
}
