using System.Text.Json;
using NoisyNN.Models.Networks;
using NoisyNN.Models.Weights;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Files;
using static TorchSharp.torch;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>
/// A trained network by itself: its weights under the network's own names in a safetensors file, its architecture, sizes and labels
/// in that file's metadata.
/// </summary>
public sealed class NetworkFile : IDisposable
{
    /// <summary>The file in the folder of a training.</summary>
    public const string FileName = "network.safetensors";

    const string ArchitectureKey = "architecture";
    const string ConfigurationKey = "configuration";
    const string LabelsKey = "labels";

    NetworkFile(Classifier network, IReadOnlyList<string> labels)
    {
        Network = network;
        Labels = labels;
    }

    /// <summary>The network, on the CPU, without noise.</summary>
    public Classifier Network { get; }

    /// <summary>The names of its classes.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Writes a network; the file is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network.</param>
    /// <param name="sizes">What it was built from.</param>
    /// <param name="labels">The names of its classes; none for an autoencoder.</param>
    public static void Write(string path, nn.Module network, NetworkConfiguration sizes, IReadOnlyList<string> labels)
    {
        var metadata = new Dictionary<string, string>
        {
            [ArchitectureKey] = sizes.Architecture,
            [ConfigurationKey] = JsonSerializer.Serialize(sizes, sizes.GetType()),
            [LabelsKey] = JsonSerializer.Serialize(labels),
        };
        AtomicFile.Write(path, stream => Safetensors.Write(stream, [.. network.state_dict()], metadata));
    }

    /// <summary>Reads a classifier back.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, not one of ours, or holds no classifier; the message names
    /// it.</exception>
    public static NetworkFile Read(string path)
    {
        var tensors = Safetensors.Read(path, out var metadata);
        try
        {
            var architecture = NetworkArchitectures.Find(Text(ArchitectureKey));
            if (Entry(ConfigurationKey, architecture.ConfigurationType) is not ClassifierConfiguration configuration)
                throw new InvalidDataException(
                    $"{path} holds no classifier but a network of the architecture {architecture.Name}. Give that of a classifier."
                );
            var labels = (string[])Entry(LabelsKey, typeof(string[]));
            var network = configuration.Create();
            try
            {
                Fill(network, tensors);
                network.eval();
                return new NetworkFile(network, labels);
            }
            catch
            {
                network.Dispose();
                throw;
            }
        }
        catch (Exception unfit) when (unfit is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path} does not describe a network: {OneLine.Of(unfit)}", unfit);
        }
        finally
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
        }

        object Entry(string key, Type type) =>
            JsonSerializer.Deserialize(Text(key), type) ?? throw new JsonException($"the entry '{key}' is empty");

        string Text(string key) =>
            metadata.TryGetValue(key, out var text)
                ? text
                : throw new InvalidDataException(
                    $"{path} is a safetensors file without the entry '{key}'; only files that a training of this program wrote can be read."
                );
    }

    /// <summary>Frees the network.</summary>
    public void Dispose() => Network.Dispose();

    static void Fill(Classifier network, Dictionary<string, Tensor> tensors)
    {
        var state = network.state_dict();
        foreach (var (name, weight) in state)
            if (!tensors.TryGetValue(name, out var tensor))
                throw new ArgumentException($"the weight '{name}' is missing.");
            else if (!tensor.shape.SequenceEqual(weight.shape))
                throw new ArgumentException(
                    $"the weight '{name}' has the shape [{string.Join(", ", tensor.shape)}] where [{string.Join(", ", weight.shape)}] is needed."
                );
        network.load_state_dict(state.Keys.ToDictionary(name => name, name => tensors[name]));
    }
}
