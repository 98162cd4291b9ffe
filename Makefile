# Thin aliases; README.md and CONTRIBUTING.md name the commands behind them.
.PHONY: run test check format package bench chaos

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

# breaks everything at random under load; SEED repeats a run
MINUTES ?= 10
chaos: package
	mvn -q -Pchaos exec:java -Dchaos.minutes=$(MINUTES) $(if $(SEED),-Dchaos.seed=$(SEED))
