using System.Globalization;
using System.Text.RegularExpressions;
using NoisyNN.Pipelines.Experiments.Running;

namespace NoisyNN.Pipelines.Cli.Clusters;

/// <summary>Tasks as an Indexed Job of Kubernetes (<c>batch/v1</c>, from 1.33): a pod for each task, with retries of its own.</summary>
static partial class KubernetesJob
{
    /// <summary>The name of the manifest in the folder of the tasks.</summary>
    public const string FileName = "kubernetes.yaml";

    // A name has at most 63 characters, and Kubernetes adds the index and five others to make that of a pod.
    const int LongestName = 50;

    /// <summary>The manifest.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="request">What the user asked for.</param>
    public static string Manifest(TaskArray tasks, ClusterRequest request)
    {
        // The pods of a job are numbered from 0. The shell finds the number of the task among those that are missing.
        var script =
            $"set -- {string.Join(' ', tasks.Numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}\n"
            + "shift \"$JOB_COMPLETION_INDEX\"\n"
            + $"exec noisynn {tasks.Task("$1")}";
        return $"""
            apiVersion: batch/v1
            kind: Job
            metadata:
              generateName: {NameOf(tasks.Name)}-
            spec:
              completionMode: Indexed
              completions: {tasks.Numbers.Count}
              parallelism: {Math.Min(request.Parallel ?? tasks.Numbers.Count, tasks.Numbers.Count)}
              backoffLimitPerIndex: 6
              maxFailedIndexes: {tasks.Numbers.Count}
              podFailurePolicy:
                rules:
                  # A drained node is no failure of the task.
                  - action: Ignore
                    onPodConditions:
                      - type: DisruptionTarget
                        status: "True"
                  # {TryAgainException.ExitCode}: try again. 137 and 143: killed. With any other code the task has failed, and would fail again.
                  - action: FailIndex
                    onExitCodes:
                      containerName: task
                      operator: NotIn
                      values: [{TryAgainException.ExitCode}, 137, 143]
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: task
                      image: {Quoted(request.Image!)}
                      workingDir: {Quoted(Environment.CurrentDirectory)}
                      command: [/bin/sh, -c]
                      args:
                        - |
            {Indented(script, 14)}
                      resources:
                        requests:
                          cpu: {tasks.Threads}
                      volumeMounts:
                        - name: work
                          mountPath: {Quoted(Environment.CurrentDirectory)}
                  volumes:
                    - name: work
                      persistentVolumeClaim:
                        claimName: {Quoted(request.VolumeClaim!)}

            """.ReplaceLineEndings("\n");
    }

    /// <summary>A name as Kubernetes allows it: lower-case letters, digits and dashes.</summary>
    static string NameOf(string name) =>
        Stranger().Replace(name.ToLowerInvariant(), "-").Trim('-') is { Length: > 0 } usable
            ? usable[..Math.Min(usable.Length, LongestName)].TrimEnd('-')
            : "noisynn";

    static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    static string Indented(string text, int columns) => string.Join('\n', text.Split('\n').Select(line => new string(' ', columns) + line));

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Stranger();
}
