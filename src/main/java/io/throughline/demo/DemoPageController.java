package io.throughline.demo;

import io.swagger.v3.oas.annotations.Hidden;
import io.throughline.platform.crypto.Sha256;
import io.throughline.platform.web.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The shop's page under each of its addresses, and its files. All of it is read at the start. */
@Hidden
@RestController
@ConditionalOnDemo
class DemoPageController {
    private static final String PAGE = "index.html";
    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html;charset=utf-8",
                    "css", "text/css;charset=utf-8",
                    "js", "text/javascript;charset=utf-8",
                    "svg", "image/svg+xml");

    private final Map<String, ResponseEntity<byte[]>> files = new LinkedHashMap<>();

    DemoPageController() throws IOException {
        for (String name :
                new String[] {
                    PAGE,
                    "demo.css",
                    "panel.css",
                    "main.js",
                    "dom.js",
                    "pictures.js",
                    "products.js",
                    "shop.js",
                    "cart.js",
                    "tracking.js",
                    "panel.js",
                    "guide.js",
                    "icon.svg"
                }) {
            files.put(name, file(name));
        }
    }

    private static ResponseEntity<byte[]> file(String name) throws IOException {
        try (InputStream content = new ClassPathResource("demo/" + name).getInputStream()) {
            byte[] bytes = content.readAllBytes();
            String ending = name.substring(name.lastIndexOf('.') + 1);
            return ResponseEntity.ok()
                    .cacheControl(CacheControl.noCache())
                    .eTag(HexFormat.of().formatHex(Sha256.of(bytes)))
                    .contentType(MediaType.parseMediaType(TYPES.getOrDefault(ending, "")))
                    .body(bytes);
        }
    }

    /** The first thing that somebody sees who has just started the server. */
    @GetMapping("/")
    ResponseEntity<Void> root() {
        return ResponseEntity.status(HttpStatus.FOUND)
                .cacheControl(CacheControl.noStore())
                .location(URI.create("/demo"))
                .build();
    }

    @GetMapping({
        "/demo",
        "/demo/",
        "/demo/products",
        "/demo/products/{id}",
        "/demo/pricing",
        "/demo/cart",
        "/demo/checkout",
        "/demo/thanks",
        "/demo/account"
    })
    ResponseEntity<byte[]> page() {
        return found(PAGE);
    }

    @GetMapping("/demo/files/{name}")
    ResponseEntity<byte[]> named(@PathVariable String name) {
        return found(name);
    }

    private ResponseEntity<byte[]> found(String name) {
        ResponseEntity<byte[]> file = files.get(name);
        if (file == null) {
            throw ProblemException.notFound("The demo has no such file.");
        }
        return file;
    }
}
