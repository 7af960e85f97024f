using System;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A message that reached the context's log.</summary>
public class LoggingEventArgs : EventArgs
{
    public LoggingEventArgs(string message)
    {
        Message = message;
        RawMessage = message;
    }

    public LoggingEventArgs(string message, ChannelMessageKind kind, string source)
    {
        RawMessage = message;
        Kind = kind;
        Source = source;
        Message = $"[Source={source}, Kind={kind}] {message}";
    }

    public string Message { get; }

    /// <summary>The message without source and kind.</summary>
    public string RawMessage { get; }

    public ChannelMessageKind Kind { get; }

    public string Source { get; }
}
