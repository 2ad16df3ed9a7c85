"""What a website is seen to do, and the site file that comes of it: nothing unknown is allowed, no fact invented."""
