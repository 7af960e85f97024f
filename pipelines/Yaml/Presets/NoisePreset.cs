using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace NoisyNN.Pipelines.Yaml.Presets;

/// <summary>A noise by name, with the strength and the place that published code gives it. It is shorthand for keys of a section.</summary>
/// <param name="Name">The name, as <c>preset:</c> and <c>--noise</c> take it.</param>
/// <param name="Description">What it repeats, and where that was published.</param>
/// <param name="Noise">The family and its parameters.</param>
/// <param name="Place">Where in a network, and when; left out in a section that has no places.</param>
sealed record NoisePreset(
    string Name,
    string Description,
    IReadOnlyList<(string Key, string Value)> Noise,
    IReadOnlyList<(string Key, string Value)> Place
)
{
    /// <summary>The section with the keys of the preset, except those that it has itself.</summary>
    /// <param name="section">The section.</param>
    /// <param name="preset">Its key that names the preset; left out of the result.</param>
    /// <param name="takes">Whether a section of this kind has a key.</param>
    /// <param name="added">Receives the nodes that were added.</param>
    public YamlMappingNode Expand(YamlMappingNode section, YamlNode preset, Func<string, bool> takes, ICollection<YamlNode> added)
    {
        var expanded = new YamlMappingNode(section.Children.Where(pair => pair.Key != preset));
        foreach (var (key, value) in Noise.Concat(Place.Where(place => takes(place.Key))))
        {
            var (name, scalar) = (new YamlScalarNode(key), new YamlScalarNode(value) { Style = ScalarStyle.Plain });
            if (!expanded.Children.TryAdd(name, scalar))
                continue;
            added.Add(name);
            added.Add(scalar);
        }
        return expanded;
    }
}
