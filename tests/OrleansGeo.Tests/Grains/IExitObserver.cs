namespace OrleansGeo.Tests.Grains;

[Alias("test.exitobserver")]
public interface IExitObserver : IGrainObserver
{
    [Alias("told")]
    Task Told(string text);
}
