# Thin aliases; README.md and CONTRIBUTING.md name the commands behind them.
.PHONY: run test check format package bench

run:
	mvn spring-boot:run

test:
	mvn verify

# what can be checked in seconds: format, compiler and plain tests
check:
	mvn spotless:check test

format:
	mvn spotless:apply

package:
	mvn -DskipTests package

bench: package
	mvn -q -Pbench exec:java
