namespace NoisyNN.Pipelines.Yaml.Schema;

/// <summary>A section whose keys depend on the value of one of them, as the keys of a noise depend on <c>family</c>.</summary>
/// <param name="Key">The key that decides.</param>
/// <param name="Default">The value if the key is left out; null if the key is required.</param>
/// <param name="Variants">One variant for each value.</param>
sealed record SectionVariants(string Key, string? Default, IReadOnlyList<SectionVariant> Variants);

/// <summary>The keys of a section for one value of the deciding key.</summary>
/// <param name="Name">The value.</param>
/// <param name="Description">The meaning of the value.</param>
/// <param name="Keys">The other keys.</param>
sealed record SectionVariant(string Name, string? Description, IReadOnlyList<SectionKey> Keys);
