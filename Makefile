# Thin aliases; README.md and CONTRIBUTING.md name the commands behind them.
.PHONY: run test e2e check format package bench bench-read bench-page chaos drill fuzz

run:
	mvn spring-boot:run

test:
	mvn verify

# and the log explorer in a browser
e2e:
	mvn verify -Pe2e

# what can be checked in seconds: format, compiler and plain tests
check:
	mvn spotless:check test

format:
	mvn spotless:apply

package:
	mvn -DskipTests package

# SCENARIOS: with commas, those of bench/README.md; empty means the usual ones. ROUNDS of each count
ROUNDS ?= 3
bench: package
	mvn -q -Pbench exec:java -Dbench.scenarios=$(SCENARIOS) -Dbench.rounds=$(ROUNDS)

# what readers wait for on ROWS logs
ROWS ?= 10000000
bench-read: package
	mvn -q -Pbench exec:java -Dbench=ReadBenchmark -Dbench.rows=$(ROWS)

# what somebody waits for who opens the log explorer on ROWS logs
bench-page:
	mvn -q -Pe2e -DskipTests package
	mvn -q -Pbench,e2e exec:java -Dbench=FirstPage -Dbench.rows=$(ROWS)

# breaks everything at random under load; SEED repeats a run
MINUTES ?= 10
chaos: package
	mvn -q -Pchaos exec:java -Dchaos.minutes=$(MINUTES) $(if $(SEED),-Dchaos.seed=$(SEED))

# makes the fault of each alert of deploy/prometheus and looks whether Prometheus tells it
drill: package
	mvn -q -Pchaos exec:java -Dchaos=drill.Drill

# feeds each fuzz test with inputs for SECONDS; an input that fails is to be kept among its seeds (src/test/resources)
SECONDS ?= 60
FUZZ = ingest.json.JsonBodyDecoderFuzzTest:body ingest.json.JsonBodyDecoderFuzzTest:lines \
	ingest.json.TimestampsFuzzTest:text ingest.json.TimestampsFuzzTest:number queue.ChunkCodecFuzzTest:entry \
	search.SearchParserFuzzTest:search store.postgres.DatabaseUrlFuzzTest:url store.postgres.CopyEncoderFuzzTest:rows
fuzz:
	mvn -q test-compile
	@for target in $(FUZZ); do \
		class=$${target%:*}; method=$${target#*:}; kept=target/fuzz/$$class/$$method; mkdir -p $$kept; \
		mvn -q -Pfuzz exec:exec -Dfuzz.class=$$class -Dfuzz.method=$$method -Dfuzz.seconds=$(SECONDS) \
			-Dfuzz.corpus=$$kept -Dfuzz.seeds=src/test/resources/logaggregator/$$(echo $$class | tr . /)Inputs/$$method || exit 1; \
	done
