using System;
using System.Diagnostics;
using System.Threading;

namespace Microsoft.ML.Runtime;

/// <summary>A node of the tree of environments: every component registers one of its own.</summary>
internal sealed class Host : IHost
{
    private readonly string _name;
    private readonly Action<string, ChannelMessage> _dispatch;
    private readonly Lock _lock = new();

    /// <summary>The root, whose messages go to the given action as source and message.</summary>
    public Host(int? seed, Action<string, ChannelMessage> dispatch, ComponentCatalog catalog)
    {
        Rand = seed is { } s ? new Random(s) : new Random();
        Seed = seed;
        ComponentCatalog = catalog;
        _dispatch = dispatch;
    }

    private Host(Host parent, string name, Random random)
    {
        _name = name;
        Rand = random;
        Seed = parent.Seed;
        ComponentCatalog = parent.ComponentCatalog;
        _dispatch = parent._dispatch;
    }

    public Random Rand { get; }

    public int? Seed { get; }

    public ComponentCatalog ComponentCatalog { get; }

    public string ContextDescription => "HostEnvironment";

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Argument.NonEmpty(name);
        // Two components may be made at the same time, and random numbers are not for several threads.
        lock (_lock)
            return new Host(this, name, new Random(seed ?? Rand.Next()));
    }

    // As in the official packages, a channel is named after its own component alone.
    public IChannel Start(string name) => new Channel(_name is null ? name : $"{_name}; {name}", _dispatch);

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel();

    public TException Process<TException>(TException ex) where TException : Exception => ex;

    private sealed class Channel : IChannel
    {
        private readonly string _source;
        private readonly Action<string, ChannelMessage> _dispatch;
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private bool _disposed;

        public Channel(string source, Action<string, ChannelMessage> dispatch)
        {
            _source = source;
            _dispatch = dispatch;
            Trace(MessageSensitivity.None, "Channel started");
        }

        public string ContextDescription => _source;

        public void Send(ChannelMessage msg) => _dispatch(_source, msg);

        public TException Process<TException>(TException ex) where TException : Exception => ex;

        public void Trace(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Trace, sensitivity, fmt, null);

        public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) =>
            Send(ChannelMessageKind.Trace, sensitivity, fmt, args);

        public void Info(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Info, sensitivity, fmt, null);

        public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) =>
            Send(ChannelMessageKind.Info, sensitivity, fmt, args);

        public void Warning(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Warning, sensitivity, fmt, null);

        public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) =>
            Send(ChannelMessageKind.Warning, sensitivity, fmt, args);

        public void Error(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Error, sensitivity, fmt, null);

        public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) =>
            Send(ChannelMessageKind.Error, sensitivity, fmt, args);

        public void Dispose()
        {
            if (_disposed)
                return;
            _disposed = true;
            Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", _watch.Elapsed);
            Trace(MessageSensitivity.None, "Channel disposed");
        }

        private void Send(ChannelMessageKind kind, MessageSensitivity sensitivity, string format, object[] arguments) =>
            Send(new ChannelMessage(kind, sensitivity, format, arguments));
    }

    // Nobody can listen to progress through the public API; only messages reach the log.
    private sealed class ProgressChannel : IProgressChannel
    {
        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
        {
        }

        public void Checkpoint(params double?[] values)
        {
        }

        public IProgressChannel StartProgressChannel(string name) => new ProgressChannel();

        public void Dispose()
        {
        }
    }
}
