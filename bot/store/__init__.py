"""Where everything is kept: the engine, the unit of work and the migrations."""
