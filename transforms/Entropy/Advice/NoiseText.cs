using System.Collections;
using System.Globalization;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Transforms.Entropy.Advice;

/// <summary>A noise with its parameters, as text.</summary>
static class NoiseText
{
    /// <summary>"gaussian (StandardDeviation 0.1, Mean 0)" in every culture. Parameters without a value are left out.</summary>
    public static string Of(NoiseDefinition noise)
    {
        var type = noise.GetType();
        var parameters = type.GetConstructors()
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter =>
                (parameter.Name, Value: type.GetProperties().FirstOrDefault(property => property.Name == parameter.Name)?.GetValue(noise))
            )
            // A matrix is no text.
            .Where(parameter => parameter.Value is not (null or IEnumerable))
            .Select(parameter => $"{parameter.Name} {Convert.ToString(parameter.Value, CultureInfo.InvariantCulture)}");
        return $"{noise.Name} ({string.Join(", ", parameters)})";
    }
}
