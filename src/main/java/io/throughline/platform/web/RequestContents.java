package io.throughline.platform.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.Map;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses what no person writes, in any part of a request to the management API, before a
 * controller sees it:
 *
 * <ul>
 *   <li>bodies of more than 2 MiB, while they are read: in memory they are several times as large;
 *   <li>lists of more than 5,000 entries: what is wrong with each entry is gathered in a set that
 *       compares each with each;
 *   <li>text that nobody can store: U+0000, which PostgreSQL does not take, and half of a surrogate
 *       pair, which UTF-8 has no bytes for and a driver would write as another character. No name,
 *       address or identifier has one by intention.
 * </ul>
 */
@RestControllerAdvice
class RequestContents extends RequestBodyAdviceAdapter implements HandlerInterceptor {
    private static final int MOST_BYTES = 2 * 1024 * 1024;
    private static final int MOST_ENTRIES = 5_000;

    private final JsonMapper json;

    RequestContents(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean supports(
            MethodParameter parameter,
            Type target,
            Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter parameter,
            Type target,
            Class<? extends HttpMessageConverter<?>> converter)
            throws IOException {
        InputStream bounded = new Bounded(message.getBody());
        return new HttpInputMessage() {
            @Override
            public InputStream getBody() {
                return bounded;
            }

            @Override
            public HttpHeaders getHeaders() {
                return message.getHeaders();
            }
        };
    }

    @Override
    public Object afterBodyRead(
            Object body,
            HttpInputMessage message,
            MethodParameter parameter,
            Type target,
            Class<? extends HttpMessageConverter<?>> converter) {
        refuse(body instanceof JsonNode tree ? tree : json.valueToTree(body), "");
        return body;
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        request.getParameterMap().forEach((name, values) -> refuse(String.join("", values), name));
        return true;
    }

    private static void refuse(JsonNode node, String path) {
        if (node.isString()) {
            refuse(node.stringValue(), path);
        }
        if (node.isArray() && node.size() > MOST_ENTRIES) {
            throw refused(path, "has more than " + MOST_ENTRIES + " entries");
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            refuse(node.get(i), path + "[" + i + "]");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            refuse(field.getKey(), path);
            refuse(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey());
        }
    }

    private static void refuse(String text, String path) {
        if (text.indexOf('\0') >= 0) {
            throw refused(path, "must not contain the character U+0000");
        }
        if (text.codePoints().anyMatch(RequestContents::isHalfAPair)) {
            throw refused(path, "must not contain half of a surrogate pair");
        }
    }

    private static boolean isHalfAPair(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static ProblemException refused(String path, String reason) {
        return ProblemException.invalid(path.isEmpty() ? "the body" : path, reason);
    }

    private static final class Bounded extends FilterInputStream {
        private long left = MOST_BYTES;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int some = super.read(bytes, from, length);
            count(Math.max(0, some));
            return some;
        }

        private void count(int bytes) {
            left -= bytes;
            if (left < 0) {
                throw new ProblemException(
                        WebProblems.CONTENT_TOO_LARGE,
                        "A body has at most " + MOST_BYTES + " bytes.");
            }
        }
    }
}
