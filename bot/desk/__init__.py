"""Where people work: the queue, the transcripts and the live chat, over HTTP and Socket.IO."""
