FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml .
COPY .mvn .mvn
COPY src src
RUN mvn -B -DskipTests package && java -Djarmode=tools -jar target/log-aggregator-*.jar extract --layers --launcher --destination app

FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 log-aggregator
WORKDIR /app
COPY --from=build /build/app/dependencies/ ./
COPY --from=build /build/app/spring-boot-loader/ ./
COPY --from=build /build/app/snapshot-dependencies/ ./
COPY --from=build /build/app/application/ ./
COPY conf conf
USER 10001
ENV BIND_ADDRESS=0.0.0.0
EXPOSE 8000
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "org.springframework.boot.loader.launch.JarLauncher"]
