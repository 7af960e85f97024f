using System.Net.Http.Headers;
using System.Text;

namespace NoisyNN.Pipelines.Experiments.Tracking;

/// <summary>The MLflow server that runs are logged to, by the environment variables that MLflow's own clients read.</summary>
/// <param name="Address">The address of the server, with a slash at its end.</param>
/// <param name="Experiment">The name of the experiment there. It is created if it is missing.</param>
/// <param name="Credentials">What proves who asks; null for nothing.</param>
public sealed record MlflowServer(Uri Address, string Experiment, AuthenticationHeaderValue? Credentials)
{
    const string AddressName = "MLFLOW_TRACKING_URI",
        DefaultExperiment = "noisynn";

    /// <summary>The server of the environment; null without <c>MLFLOW_TRACKING_URI</c>.</summary>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <param name="warn">Hears of an address that cannot be used.</param>
    public static MlflowServer? Of(Func<string, string?> variable, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(warn);
        if (variable(AddressName) is not { Length: > 0 } text)
            return null;
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            warn($"note: {AddressName} is '{text}', and runs are logged to http and https addresses alone; this run is not logged there");
            return null;
        }
        try
        {
            return new(address, variable("MLFLOW_EXPERIMENT_NAME") is { Length: > 0 } name ? name : DefaultExperiment, Login(variable));
        }
        catch (FormatException)
        {
            warn("note: MLFLOW_TRACKING_TOKEN is no token, because it has a line break; this run is not logged to MLflow");
            return null;
        }
    }

    static AuthenticationHeaderValue? Login(Func<string, string?> variable) =>
        variable("MLFLOW_TRACKING_TOKEN") is { Length: > 0 } token ? new("Bearer", token)
        : variable("MLFLOW_TRACKING_USERNAME") is { Length: > 0 } user
            ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{variable("MLFLOW_TRACKING_PASSWORD")}")))
        : null;
}
