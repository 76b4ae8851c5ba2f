"""Messages to other systems when a request moves: kept with the step, signed, sent by the worker, tried again."""
