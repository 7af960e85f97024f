using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NoisyNN.Models.Weights;
using NoisyNN.Transforms.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Checkpoints;

/// <summary>
/// One generation of a checkpoint: tensors in <c>checkpoint-{step}.safetensors</c>, all else in <c>checkpoint-{step}.json</c>, which is
/// written last, holds the other file's SHA-256 and a SHA-256 of its own content. A changed byte in either is found before anything is
/// used.
/// </summary>
/// <param name="State">What is no tensor.</param>
/// <param name="Tensors">They are disposed with the checkpoint.</param>
sealed record Checkpoint(CheckpointState State, IReadOnlyDictionary<string, Tensor> Tensors) : IDisposable
{
    const string Format = "noisynn-checkpoint-1";

    static readonly JsonSerializerOptions Json = new() { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static void Write(string jsonPath, CheckpointState state, IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        var tensorPath = TensorPath(jsonPath);
        var tensorHash = "";
        OutputPlace.RequireFile(tensorPath);
        OutputPlace.RequireFile(jsonPath);
        AtomicFile.Write(
            tensorPath,
            stream =>
            {
                using var hash = SHA256.Create();
                using var hashing = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true);
                Safetensors.Write(hashing, tensors, new Dictionary<string, string> { ["format"] = Format });
                hashing.FlushFinalBlock();
                tensorHash = Convert.ToHexStringLower(hash.Hash!);
            }
        );

        var body = JsonSerializer.Serialize(new Body(tensorHash, state), Json);
        var envelope = JsonSerializer.SerializeToUtf8Bytes(new Envelope(Format, Hash(body), body), Json);
        AtomicFile.Write(jsonPath, stream => stream.Write(envelope));
    }

    /// <exception cref="InvalidDataException">A byte of the checkpoint is missing or not as it was written; the message names the
    /// file.</exception>
    /// <exception cref="ArgumentException">The checkpoint is whole, and that of a training of another kind.</exception>
    public static Checkpoint Read(string jsonPath)
    {
        string text;
        try
        {
            RequireReadable(jsonPath);
            var bytes = File.ReadAllBytes(jsonPath);
            if (JsonSerializer.Deserialize<Envelope>(bytes, Json) is not { Format: Format, Sha256: { } hash, Body: { } content } envelope)
                throw Refuse(jsonPath, $"it is not of the format {Format}");
            // The same text has other spellings in JSON; a file that was written here has this one.
            if (hash != Hash(content) || !JsonSerializer.SerializeToUtf8Bytes(envelope, Json).AsSpan().SequenceEqual(bytes))
                throw Refuse(jsonPath, "its content does not match its checksum");
            text = content;
        }
        catch (JsonException exception)
        {
            throw Refuse(jsonPath, $"it is no valid JSON ({exception.Message})");
        }

        var body = Parse(jsonPath, text);
        var tensorPath = TensorPath(jsonPath);
        if (!File.Exists(tensorPath))
            throw Refuse(jsonPath, $"its tensors, '{tensorPath}', are missing");
        RequireReadable(tensorPath);
        using (var stream = File.OpenRead(tensorPath))
        {
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != body.TensorSha256)
                throw Refuse(tensorPath, "its content does not match the checksum in its JSON file");
        }
        return new Checkpoint(body.State, Safetensors.Read(tensorPath));
    }

    public static void Delete(string jsonPath)
    {
        File.Delete(jsonPath);
        File.Delete(TensorPath(jsonPath));
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }

    static Body Parse(string jsonPath, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Body>(text, Json) ?? throw Refuse(jsonPath, "it is empty");
        }
        catch (JsonException exception)
        {
            throw new ArgumentException(
                $"The checkpoint '{jsonPath}' belongs to a training of another kind or version ({exception.Message}). "
                    + $"Resume with the trainer that wrote it, or start in another {nameof(TrainingOptions.WorkspacePath)}.",
                exception
            );
        }
    }

    // Reading a pipe would wait for ever.
    static void RequireReadable(string path)
    {
        if (FileStatus.Of(path, followsLink: true) is { Kind: not (FileKind.Regular or FileKind.Missing) } status)
            throw Refuse(path, $"it is {status.Words}");
    }

    static string TensorPath(string jsonPath) => Path.ChangeExtension(jsonPath, ".safetensors");

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static InvalidDataException Refuse(string path, string reason) => new($"The checkpoint '{path}' cannot be used: {reason}.");

    // The body is kept as the text that was hashed, so that no second serialisation has to give the same bytes.
    sealed record Envelope(string Format, string Sha256, string Body);

    sealed record Body(string TensorSha256, CheckpointState State);
}
