using System.Text.Json.Serialization;

namespace NoisyNN.Samples.Serve;

/// <summary>What the server says about the images of a request.</summary>
/// <param name="Model">The model that scored them.</param>
/// <param name="Predictions">One for each image, in their order.</param>
sealed record Answer(ModelIdentity Model, IReadOnlyList<Prediction> Predictions);

/// <param name="Name">The file's name.</param>
/// <param name="Sha256">The hash of its content, in lower-case hexadecimal digits.</param>
sealed record ModelIdentity(string Name, string Sha256);

/// <param name="File">The name that the client gave the image; null if it gave none.</param>
/// <param name="Label">The likeliest class; null if the model computed no numbers.</param>
/// <param name="Probability">Its probability.</param>
/// <param name="Probabilities">Those of all classes, in the model's order.</param>
sealed record Prediction(string? File, string? Label, float? Probability, IReadOnlyList<ClassProbability> Probabilities);

sealed record ClassProbability(string Label, float? Probability);

/// <param name="Status">"ok", or "not ready".</param>
/// <param name="Reason">Why it is not ready.</param>
/// <param name="Model">The model that scores.</param>
/// <param name="Setting">How it runs batches.</param>
sealed record Health(string Status, string? Reason = null, string? Warning = null, ModelIdentity? Model = null, string? Setting = null);

[JsonSerializable(typeof(Answer)), JsonSerializable(typeof(Health)), JsonSerializable(typeof(ModelIdentity))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class AnswersJson : JsonSerializerContext;
