using System;
using System.Collections.Concurrent;
using System.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where everything starts: the catalogs of data operations, transforms, models and evaluation, the seed and the log.</summary>
public sealed class MLContext : IHostEnvironment
{
    private readonly Host _host;
    private readonly ConcurrentDictionary<string, object> _options = [];

    /// <param name="seed">Makes everything that draws random numbers from this context repeatable.</param>
    public MLContext(int? seed = null)
    {
        ComponentCatalog = new ComponentCatalog();
        _host = new Host(seed, Dispatch, ComponentCatalog);
        Data = new DataOperationsCatalog(this, _host);
        Model = new ModelOperationsCatalog(this);
        Transforms = new TransformsCatalog(this);
        MulticlassClassification = new MulticlassClassificationCatalog(this, _host);
    }

    public MulticlassClassificationCatalog MulticlassClassification { get; }

    public TransformsCatalog Transforms { get; }

    public ModelOperationsCatalog Model { get; }

    public DataOperationsCatalog Data { get; }

    public ComponentCatalog ComponentCatalog { get; }

    /// <summary>Where temporary files go.</summary>
    public string TempFilePath { get; set; } = Path.GetTempPath();

    /// <summary>Whether what cannot run on the GPU runs on the CPU instead of failing.</summary>
    public bool FallbackToCpu { get; set; }

    /// <summary>The GPU to use, or null for the CPU.</summary>
    public int? GpuDeviceId { get; set; }

    string IExceptionContext.ContextDescription => _host.ContextDescription;

    /// <summary>Messages of all components.</summary>
    public event EventHandler<LoggingEventArgs> Log;

    /// <summary>Sets an option unless it is set; says whether it did.</summary>
    public bool TryAddOption<T>(string name, T value) => _options.TryAdd(name, value);

    public void SetOption<T>(string name, T value) => _options[name] = value;

    public bool TryGetOption<T>(string name, out T value)
    {
        var found = _options.TryGetValue(name, out var option) && option is T;
        value = found ? (T)option : default;
        return found;
    }

    public T GetOptionOrDefault<T>(string name) => TryGetOption<T>(name, out var value) ? value : default;

    public bool RemoveOption(string name) => _options.TryRemove(name, out _);

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => _host.Register(name, seed, verbose);

    IChannel IChannelProvider.Start(string name) => _host.Start(name);

    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => _host.StartProgressChannel(name);

    TException IExceptionContext.Process<TException>(TException ex) => _host.Process(ex);

    private void Dispatch(string source, ChannelMessage message)
    {
        if (Log is { } log)
            log(this, new LoggingEventArgs(message.Message, message.Kind, source));
    }
}
