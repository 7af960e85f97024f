using System;
using System.IO;
using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A model file: a zip with the transformer's parts, the schema of its input, and a note of which supply wrote it.</summary>
internal static class ModelFile
{
    private const string SupplyEntry = "TrainingInfo/Supply.txt";
    private const string VersionEntry = "TrainingInfo/Version.txt";
    private const string Supply = "NoisyNN compat/Microsoft.ML 1";
    private const string SchemaEntry = "Schema";
    private const string TransformerDirectory = "TransformerChain";

    public static void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        // A zip archive needs a stream that it can seek in or count; a buffer also keeps a failed save from leaving half a file.
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            WriteText(archive, VersionEntry, "5.0.0");
            WriteText(archive, SupplyEntry, Supply);
            using (var root = new ModelSaveContext(archive, TransformerDirectory))
            {
                model.Save(root);
                root.Done();
            }
            if (inputSchema is not null)
            {
                using var writer = new BinaryWriter(archive.CreateEntry(SchemaEntry).Open());
                SchemaCodec.Write(writer, inputSchema);
            }
        }
        buffer.Position = 0;
        buffer.CopyTo(stream);
    }

    public static void Save(ITransformer model, DataViewSchema inputSchema, string path)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                Save(model, inputSchema, stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public static ITransformer Load(IHostEnvironment env, Stream stream, out DataViewSchema inputSchema)
    {
        using var archive = Open(stream);
        if (archive.GetEntry(SupplyEntry) is not { } supply)
            throw new FormatException(archive.GetEntry($"{TransformerDirectory}/{ModelLoadContext.ComponentFile}") is null
                ? "The file is no ML.NET model: it has no transformer."
                : "The model was written by the official ML.NET packages, and this build runs on the supply of compat/Microsoft.ML, which "
                    + "reads only its own files. Load it in a build with -p:Engines=nuget.");
        if (ReadText(supply) is var text && text != Supply)
            throw new FormatException($"The model was written by another version of the supply: '{text}', and this one reads '{Supply}'.");
        try
        {
            inputSchema = null;
            if (archive.GetEntry(SchemaEntry) is { } schema)
            {
                using var reader = new BinaryReader(schema.Open());
                inputSchema = SchemaCodec.Read(reader);
            }
            return ModelLoadContext.LoadModel(env, archive, TransformerDirectory);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or ArgumentException)
        {
            throw new FormatException($"Corrupt model file: {e.Message}", e);
        }
    }

    private static ZipArchive Open(Stream stream)
    {
        try
        {
            return new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException e)
        {
            throw new FormatException("The file is no ML.NET model: it is not a zip archive, or it is truncated.", e);
        }
    }

    private static void WriteText(ZipArchive archive, string name, string text)
    {
        using var writer = new StreamWriter(archive.CreateEntry(name).Open());
        writer.Write(text);
    }

    private static string ReadText(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
