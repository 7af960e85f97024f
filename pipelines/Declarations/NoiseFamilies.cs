using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Declarations;

/// <summary>The noise families that an experiment file can name; a family's keys are its record's parameters.</summary>
public static class NoiseFamilies
{
    static readonly (string Name, Type Type)[] Known =
    [
        ("gaussian", typeof(GaussianNoise)),
        ("uniform", typeof(UniformNoise)),
        ("laplace", typeof(LaplaceNoise)),
        ("speckle", typeof(SpeckleNoise)),
        ("poisson", typeof(PoissonNoise)),
        ("salt-and-pepper", typeof(SaltAndPepperNoise)),
        ("circular-shift", typeof(CircularShiftNoise)),
        ("optimal-mixing", typeof(OptimalMixingNoise)),
        ("quality-matrix", typeof(QualityMatrixNoise)),
    ];

    /// <summary>The names, as they are written after <c>family:</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.Select(family => family.Name)];

    /// <summary>The record that a name stands for, or null when no family has that name.</summary>
    public static Type? Find(string name) => Known.FirstOrDefault(family => family.Name == name).Type;
}
