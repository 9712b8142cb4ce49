using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Processes;

public sealed class BoundedLogTests
{
    [Fact]
    public void Keeps_two_files_of_bounded_size_and_the_last_lines()
    {
        using var temp = new TempFolder();
        var file = temp.File("a.log");
        using (var log = new BoundedLog(file, maxBytes: 1000))
        {
            for (var i = 0; i < 1000; i++)
            {
                log.WriteLine($"line {i}");
            }

            Assert.Equal("line 999", log.Tail[^1]);
            Assert.Equal(12, log.Tail.Count);
        }

        Assert.Equal(2, Directory.GetFiles(temp.Path).Length);
        Assert.All(Directory.GetFiles(temp.Path), static path => Assert.InRange(new FileInfo(path).Length, 1, 1020));
        Assert.Equal("line 999", File.ReadLines(file).Last());
    }

    [Fact]
    public void Goes_on_where_an_earlier_run_ended()
    {
        using var temp = new TempFolder();
        var file = temp.File("a.log");
        foreach (var line in new[] { "one", "two" })
        {
            using var log = new BoundedLog(file);
            log.WriteLine(line);
        }

        Assert.Equal(["one", "two"], File.ReadAllLines(file));
    }
}
