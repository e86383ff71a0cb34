package io.throughline.workspace;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.Paging;
import java.math.BigDecimal;
import java.util.Arrays;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.HandlerMethod;

/**
 * The description at {@code /v3/api-docs}: built when first asked for, so it costs the start
 * nothing.
 */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
    private static final String BEARER = "bearer";

    OpenApiConfiguration() {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(WorkspaceId.class, Paging.class);
    }

    @Bean
    OpenAPI throughlineApi() {
        return new OpenAPI()
                .info(
                        new Info()
                                .title("Throughline")
                                .version("v1")
                                .description(
                                        "Management of a Customer Data Platform. Errors are RFC"
                                                + " 9457 problems; lists are paged by cursor."))
                .components(
                        new Components()
                                .addSecuritySchemes(
                                        BEARER,
                                        new SecurityScheme()
                                                .type(SecurityScheme.Type.HTTP)
                                                .scheme(BEARER))
                                .addSchemas("Problem", problem())
                                .addResponses("Problem", refusal()));
    }

    /** The token, the header and the paging that the parameter types stand for. */
    @Bean
    OperationCustomizer parametersByType() {
        return (operation, method) -> {
            if (takes(method, WorkspaceId.class)) {
                operation.addParametersItem(
                        new Parameter()
                                .in("header")
                                .name(WorkspaceArgument.HEADER)
                                .description("Id of the workspace; the token's own without it")
                                .schema(new StringSchema()));
            }
            if (takes(method, Paging.class)) {
                operation.addParametersItem(
                        new Parameter()
                                .in("query")
                                .name("limit")
                                .schema(
                                        new IntegerSchema()
                                                .minimum(BigDecimal.ONE)
                                                .maximum(BigDecimal.valueOf(1000))
                                                ._default(50)));
                operation.addParametersItem(
                        new Parameter()
                                .in("query")
                                .name("cursor")
                                .description("The next of the page before")
                                .schema(new StringSchema()));
            }
            return operation;
        };
    }

    @Bean
    OpenApiCustomizer managementNeedsAToken() {
        return api ->
                api.getPaths()
                        .forEach((path, item) -> {
                            if (path.startsWith("/api/v1/")) {
                                item.readOperations().forEach(this::managed);
                            }
                        });
    }

    private void managed(Operation operation) {
        operation.addSecurityItem(new SecurityRequirement().addList(BEARER));
        operation
                .getResponses()
                .addApiResponse(
                        "default", new ApiResponse().$ref("#/components/responses/Problem"));
    }

    private static boolean takes(HandlerMethod method, Class<?> type) {
        return Arrays.stream(method.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == type);
    }

    private static ApiResponse refusal() {
        return new ApiResponse()
                .description("A problem document; docs/problems.md lists every type")
                .content(
                        new Content()
                                .addMediaType(
                                        "application/problem+json",
                                        new MediaType()
                                                .schema(
                                                        new Schema<>()
                                                                .$ref(
                                                                        "#/components/schemas/Problem"))));
    }

    private static Schema<?> problem() {
        return new ObjectSchema()
                .addProperty(
                        "type", new StringSchema().example("urn:throughline:problem:not-found"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema())
                .addProperty(
                        "errors",
                        new ArraySchema()
                                .items(
                                        new ObjectSchema()
                                                .addProperty("field", new StringSchema())
                                                .addProperty("reason", new StringSchema())));
    }
}
