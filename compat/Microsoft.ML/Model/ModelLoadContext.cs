using System;
using System.IO;
using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What a component reads itself back from.</summary>
internal sealed class ModelLoadContext
{
    public const string ComponentFile = "Model.key";
    public const uint Magic = 0x4C4D4E4E; // "NNML"

    private const int MaxCount = 1 << 24;
    private readonly ZipArchive _archive;
    private readonly string _directory;

    private ModelLoadContext(ZipArchive archive, string directory, int version, byte[] content)
    {
        _archive = archive;
        _directory = directory;
        Version = version;
        Reader = new BinaryReader(new MemoryStream(content));
    }

    public int Version { get; }

    public BinaryReader Reader { get; }

    public static ITransformer LoadModel(IHostEnvironment env, ZipArchive archive, string directory)
    {
        var entry = archive.GetEntry($"{directory}/{ComponentFile}")
            ?? throw new FormatException($"Corrupt model file: '{directory}/{ComponentFile}' is missing.");
        using var reader = new BinaryReader(entry.Open());
        if (reader.ReadUInt32() != Magic)
            throw new FormatException($"Corrupt model file: '{entry.FullName}' is not a component of this supply.");
        var signature = reader.ReadString();
        var version = reader.ReadInt32();
        var length = reader.ReadInt32();
        if (length < 0 || length > entry.Length)
            throw new FormatException($"Corrupt model file: '{entry.FullName}' is truncated.");
        var content = reader.ReadBytes(length);
        if (content.Length != length)
            throw new FormatException($"Corrupt model file: '{entry.FullName}' is truncated.");
        return ModelComponents.Create(signature, env, new ModelLoadContext(archive, directory, version, content));
    }

    public ITransformer LoadModel(IHostEnvironment env, string name) => LoadModel(env, _archive, $"{_directory}/{name}");

    public byte[] LoadBytes(string name)
    {
        var entry = _archive.GetEntry($"{_directory}/{name}")
            ?? throw new FormatException($"Corrupt model file: '{_directory}/{name}' is missing.");
        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    public int ReadCount()
    {
        var count = Reader.ReadInt32();
        return count is >= 0 and <= MaxCount ? count
            : throw new FormatException($"Corrupt model file: a count of {count} in '{_directory}'.");
    }

    public string[] ReadStrings()
    {
        var texts = new string[ReadCount()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Reader.ReadString();
        return texts;
    }

    public InputOutputColumnPair[] ReadColumnPairs()
    {
        var columns = new InputOutputColumnPair[ReadCount()];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = new InputOutputColumnPair(Reader.ReadString(), Reader.ReadString());
        return columns;
    }
}
