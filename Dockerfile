FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml .
COPY .mvn .mvn
COPY src src
RUN --mount=type=cache,target=/root/.m2 mvn -B -Dmaven.test.skip=true package \
    && cp target/log-aggregator-*.jar app.jar \
    && java -Djarmode=tools -jar app.jar extract --layers --destination layers

FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 log-aggregator
WORKDIR /app
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY conf conf
COPY deploy/docker/healthy ./
# An archive of the classes that a start loads saves half of its time. It is made by one that is ended when it is ready; no server
# answers then, and none is needed.
RUN DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1 \
    java -XX:+UseParallelGC -XX:ArchiveClassesAtExit=app.jsa -jar app.jar & started=$!; \
    for second in $(seq 120); do sleep 1; ./healthy 2> /dev/null && break; done; \
    kill $started; wait $started; test -s app.jsa
# Channels may write files below it (DATA_DIR); who wants to keep them mounts a volume there.
RUN mkdir data && chown 10001 data
USER 10001
# In a container only the network of containers reaches it; keys are asked for all the same.
ENV BIND_ADDRESS=0.0.0.0
EXPOSE 8000 8001
HEALTHCHECK --interval=5s --timeout=3s --start-period=90s --retries=3 CMD ["/app/healthy"]
# This collector takes a quarter less of the processors than the usual one: batches live for milliseconds. What the heap leaves
# of a container's memory is for classes, code, threads and buffers. A process that is out of memory ends, and loses nothing.
ENTRYPOINT ["java", "-XX:+UseParallelGC", "-XX:SharedArchiveFile=app.jsa", "-XX:MaxRAMPercentage=44", "-XX:+ExitOnOutOfMemoryError", "-jar", "app.jar"]
