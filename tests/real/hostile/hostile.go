// Package hostile has one package for each way a test can misbehave; tests/real/hostile.sh runs them.
package hostile
