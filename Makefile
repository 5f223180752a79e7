# 房信 Fangxin. `make` alone prints the targets. The steps themselves are in scripts/setup.py.
.DEFAULT_GOAL := help
.PHONY: help run test train eval bench chat lock stop clean

# The set-up needs nothing but a Python 3.12, which may hide under pyenv.
SETUP = python=$$(sh scripts/find_python.sh 3.12) && exec "$$python" -m scripts.setup

help: ## 打印这张表 / print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: ## 准备好一切并启动服务，Ctrl-C 停止 / set everything up and start the service
	@$(SETUP) run

test: ## 准备好一切并运行全部测试 / set everything up and run the whole test suite
	@$(SETUP) test

train: ## 训练 Rasa 模型，变差则不换（FORCE=1 重训并换上）/ train the Rasa model if its data changed; a worse one is refused
	@$(SETUP) train $(if $(FORCE),--force)

eval: ## 用标注语料评测理解效果（FILE=...）/ measure the understanding on labelled questions
	@$(SETUP) eval $(FILE)

bench: ## 测运行中服务的回合延迟和内存 / turn latency and memory of the running service
	@$(SETUP) bench

chat: ## 在终端里与运行中的机器人聊天 / talk to the running bot in the terminal
	@$(SETUP) chat

lock: ## 重新锁定 Python 依赖 / compile requirements/*.txt again
	@$(SETUP) lock

stop: ## 停止运行中的服务 / stop what `make run` started
	@$(SETUP) stop

clean: ## 删除环境、前端产物和模型，保留 var/ / remove environments, builds and models, keep var/
	rm -rf .venv .venv-rasa models web/node_modules web/dist var/setup .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
