namespace NoisyNN.Pipelines.Yaml.Schema;

/// <summary>A section whose keys depend on the word under one of them, as a noise's depend on <c>family</c>.</summary>
/// <param name="Key">The key that decides.</param>
/// <param name="Default">The word where the key is left out; null where it may not be.</param>
/// <param name="Variants">A variant for each word.</param>
sealed record SectionVariants(string Key, string? Default, IReadOnlyList<SectionVariant> Variants);

/// <summary>The keys that a section has with one word.</summary>
/// <param name="Name">The word.</param>
/// <param name="Description">What the word stands for.</param>
/// <param name="Keys">The keys beside the one that decides.</param>
sealed record SectionVariant(string Name, string? Description, IReadOnlyList<SectionKey> Keys);
