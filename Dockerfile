# docker build -t throughline .
# The image holds the server only; tell it where PostgreSQL and Kafka are (docker-compose.yml shows how).
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
# the dependencies change less often than the code: a layer of their own
COPY mvnw pom.xml ./
COPY .mvn .mvn
RUN ./mvnw -B -q dependency:resolve dependency:resolve-plugins
COPY src src
RUN ./mvnw -B -q package -DskipTests
RUN java -Djarmode=tools -jar target/throughline-*.jar extract --layers --application-filename throughline.jar --destination /layers

FROM eclipse-temurin:25-jre
RUN useradd --system --uid 10001 --create-home --home-dir /app throughline
WORKDIR /app
COPY --from=build --chown=root:root /layers/dependencies/ ./
COPY --from=build --chown=root:root /layers/spring-boot-loader/ ./
COPY --from=build --chown=root:root /layers/snapshot-dependencies/ ./
COPY --from=build --chown=root:root /layers/application/ ./
USER 10001
EXPOSE 8080 8081
# liveness asks about the process only; whether the engines answer is readiness, which an orchestrator asks for itself
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /actuator/health/liveness HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200'"]
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=60 --enable-native-access=ALL-UNNAMED"
ENTRYPOINT ["java", "-jar", "throughline.jar"]
