using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Transforms.Files;

namespace NoisyNN.Pipelines.Cli.Clusters;

/// <summary>Hands tasks to a cluster, and returns at once.</summary>
/// <param name="terminal">Receives what was submitted.</param>
/// <param name="request">What the user asked for.</param>
sealed class ClusterSubmission(Terminal terminal, ClusterRequest request)
{
    /// <summary>Submits tasks, or shows what would be submitted.</summary>
    /// <exception cref="IOException">The scheduler refuses, or is not installed.</exception>
    public void Submit(TaskArray tasks)
    {
        if (request.System == ClusterOptions.Kubernetes)
            WriteManifest(tasks);
        else if (request.IsDry)
            ShowJobs(tasks);
        else
            SubmitJobs(tasks);
    }

    void WriteManifest(TaskArray tasks)
    {
        if (tasks.Numbers.Count == 0)
        {
            terminal.Note(
                $"all {tasks.Total} tasks are complete{(tasks.Summary is null ? "" : $". What follows: noisynn {tasks.Summary}")}"
            );
            return;
        }
        var manifest = KubernetesJob.Manifest(tasks, request);
        if (request.IsDry)
        {
            terminal.Output.Write(manifest);
            return;
        }
        var path = Path.Combine(Directory.CreateDirectory(tasks.Folder).FullName, KubernetesJob.FileName);
        AtomicFile.WriteText(path, manifest);
        terminal.Output.WriteLine(path);
        terminal.Note($"{tasks.Numbers.Count} of {tasks.Total} tasks. Submit them with: kubectl create -f {ShellText.Word(path)}");
        if (tasks.Summary is { } summary)
            terminal.Note($"When they have ended: noisynn {summary}");
        terminal.Note($"Write a manifest of what is missing with: {tasks.Again}");
    }

    void ShowJobs(TaskArray tasks)
    {
        var arrays = SlurmJob.ArraysOf(tasks, request);
        for (var index = 0; index < arrays.Count; index++)
            terminal.Output.WriteLine($"job{index}=$({arrays[index].ToShell()}\n)");
        if (tasks.Summary is null)
            return;
        // Variables of the shell stand for the numbers that Slurm would give.
        var numbers = string.Concat(arrays.Select((_, index) => $":$job{index}"));
        terminal.Output.WriteLine(
            SlurmJob.SummaryOf(tasks, request, []).ToShell(numbers.Length == 0 ? "" : $" --dependency=afterany{numbers}")
        );
    }

    void SubmitJobs(TaskArray tasks)
    {
        var queued = SlurmCommands.Queued(SubmittedJob.Read(tasks.Folder));
        var missing = tasks with { Numbers = [.. tasks.Numbers.Where(number => !queued.Contains(number))] };
        if (missing.Numbers.Count < tasks.Numbers.Count)
            terminal.Note($"{tasks.Numbers.Count - missing.Numbers.Count} tasks are still in the queue");
        if (missing.Numbers.Count == 0 && tasks.Numbers.Count > 0)
            return;
        Directory.CreateDirectory(Path.Combine(tasks.Folder, SlurmJob.FolderName));
        List<string> jobs = [];
        foreach (var array in SlurmJob.ArraysOf(missing, request))
        {
            jobs.Add(SlurmCommands.Submit(array));
            new SubmittedJob(jobs[^1], array.First).Write(tasks.Folder);
            terminal.Output.WriteLine(jobs[^1]);
        }
        terminal.Note($"{missing.Numbers.Count} of {tasks.Total} tasks submitted. Look at them with: {tasks.Watching}");
        if (tasks.Summary is not null)
            terminal.Note($"job {SlurmCommands.Submit(SlurmJob.SummaryOf(missing, request, jobs))} follows them");
        terminal.Note($"Submit what is missing then with: {tasks.Again}");
    }
}
