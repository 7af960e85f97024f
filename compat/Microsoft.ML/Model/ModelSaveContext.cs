using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Where a component writes itself. As in the official packages, only built-in components can.</summary>
public sealed class ModelSaveContext : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly string _directory;
    private readonly MemoryStream _content = new();
    private string _signature;
    private int _version;

    internal ModelSaveContext(ZipArchive archive, string directory)
    {
        _archive = archive;
        _directory = directory;
        Writer = new BinaryWriter(_content);
    }

    internal BinaryWriter Writer { get; }

    /// <summary>Names the component that reads this back, and the version of what it wrote.</summary>
    internal void SetSignature(string signature, int version)
    {
        _signature = signature;
        _version = version;
    }

    internal void SaveModel(ICanSaveModel model, string name)
    {
        using var child = new ModelSaveContext(_archive, $"{_directory}/{name}");
        model.Save(child);
        child.Done();
    }

    internal void SaveBytes(string name, ReadOnlySpan<byte> content)
    {
        using var stream = _archive.CreateEntry($"{_directory}/{name}").Open();
        stream.Write(content);
    }

    internal void Done()
    {
        if (_signature is null)
            throw new InvalidOperationException("ModelSignature not specified!");
        Writer.Flush();
        using var stream = _archive.CreateEntry($"{_directory}/{ModelLoadContext.ComponentFile}").Open();
        using var writer = new BinaryWriter(stream);
        writer.Write(ModelLoadContext.Magic);
        writer.Write(_signature);
        writer.Write(_version);
        writer.Write(checked((int)_content.Length));
        writer.Write(_content.GetBuffer(), 0, (int)_content.Length);
    }

    internal void WriteStrings(IReadOnlyCollection<string> texts)
    {
        Writer.Write(texts.Count);
        foreach (var text in texts)
            Writer.Write(text);
    }

    internal void WriteColumnPairs(IReadOnlyList<InputOutputColumnPair> columns)
    {
        Writer.Write(columns.Count);
        foreach (var pair in columns)
        {
            Writer.Write(pair.OutputColumnName);
            Writer.Write(pair.InputColumnName);
        }
    }

    public void Dispose() => Writer.Dispose();
}
