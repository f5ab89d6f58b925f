"""Reports that come by mail: who wants which, how often, and the sending of what is due."""
