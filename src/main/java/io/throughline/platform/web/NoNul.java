package io.throughline.platform.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Type;
import java.util.Map;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses the character U+0000 in any text of a request, before a controller sees it: PostgreSQL
 * stores none, and no name, address or description has one by intention.
 */
@RestControllerAdvice
class NoNul extends RequestBodyAdviceAdapter implements HandlerInterceptor {
    private final JsonMapper json;

    NoNul(JsonMapper json) {
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
            throw ProblemException.invalid(
                    path.isEmpty() ? "the body" : path, "must not contain the character U+0000");
        }
    }
}
